/* SPDX-License-Identifier: MIT */
/* The global `process`, as much of Node's as programs of one thread without its modules use. */
#include "lib/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "lib/argument.h"
#include "lib/families.h"
#include "lib/heap_snapshot.h"
#include "lib/output.h"
#include "lib/process_int.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/exec/publications.h"
#include "vm/object/task.h"
#include "vm/value/number.h"
#include "vm/vm.h"

enum { PROCESS_PATH_BYTES = 4096 };

static Object *process_object(const Goroutine *g)
{
    return object_of(g->vm->realms->intrinsics[INTRINSIC_process]);
}

static Value process_text(LocalHeap *h, const char *utf8)
{
    return value_from_cell(string_new_utf8(h, utf8, strlen(utf8)));
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* An integer, or text that is one; else false. */
static bool process_is_code(LocalHeap *h, Value v, double *code)
{
    if (value_is_string(v)) *code = number_from_string(h, string_of(v));
    else if (value_is_number(v)) *code = value_number(v);
    else return false;
    return *code == trunc(*code);
}

int lib_process_exit_code(Goroutine *g)
{
    PropertyRef ref;
    double code;
    if (!object_find_own(&g->heap, process_object(g), intern_key_text(&g->heap, "exitCode"), &ref)) return 0;
    if (!process_is_code(&g->heap, ref.value, &code)) return 0;
    return number_to_int32(code) & 0xff;
}

void lib_process_set_exit_code(Goroutine *g, int code)
{
    object_define(&g->heap, process_object(g), intern_key_text(&g->heap, "exitCode"), value_from_int(code), PROPERTY_DEFAULT);
}

bool lib_process_end(Goroutine *g)
{
    PropertyRef ref;
    PropertyKey exiting = intern_key_text(&g->heap, "_exiting");
    if (object_find_own(&g->heap, process_object(g), exiting, &ref) && ref.value == VALUE_TRUE) return true;
    object_define(&g->heap, process_object(g), exiting, VALUE_TRUE, PROPERTY_DEFAULT);
    Value argument = value_from_int(lib_process_exit_code(g));
    if (lib_process_emit(g, "exit", 1, &argument) == TRI_THROWN) return false;
    heap_tell_summary(g->heap.heap);
    publications_tell(g->vm->publications);
    const char *path = g->vm->options->heap_snapshot;
    int error = path ? lib_heap_snapshot_write(g, path) : 0;
    if (error) fprintf(stderr, "%s: %s\n", path, strerror(error));
    return true;
}

/* process.exit(code): never returns, unless a listener throws. */
static Value lib_process_exit(Goroutine *g, Args a)
{
    double code;
    if (!value_is_nullish(arg(a, 0))) {
        if (!process_is_code(&g->heap, arg(a, 0), &code)) return lib_argument_throw_type(g, "code", "of type number", arg(a, 0));
        lib_process_set_exit_code(g, number_to_int32(code));
    }
    OK(lib_process_end(g));
    exit(lib_process_exit_code(g));
}

static Value lib_process_abort(Goroutine *g, Args a)
{
    (void)g, (void)a;
    abort();
}

/* ---- the file system's view -------------------------------------------------------------------------------------- */

Value lib_process_throw_system(Goroutine *g, const char *call, const char *path)
{
    int error = errno;
    const char *name = strerrorname_np(error);
    char words[128];
    snprintf(words, sizeof words, "%s", strerror(error));
    if (words[0] >= 'A' && words[0] <= 'Z') words[0] = (char)(words[0] | 0x20);
    error_throw(g, ERROR_PLAIN, "%s: %s, %s '%s'", name ? name : "EUNKNOWN", words, call, path);
    Object *e = object_of(g->exception);
    object_define(&g->heap, e, intern_key_text(&g->heap, "errno"), value_from_int(-error), PROPERTY_DEFAULT);
    object_define(&g->heap, e, intern_key_text(&g->heap, "syscall"), process_text(&g->heap, call), PROPERTY_DEFAULT);
    return lib_argument_add_code(g, name ? name : "EUNKNOWN");
}

static Value lib_process_cwd(Goroutine *g, Args a)
{
    (void)a;
    char path[PROCESS_PATH_BYTES];
    if (!getcwd(path, sizeof path)) return lib_process_throw_system(g, "uv_cwd", "");
    return process_text(&g->heap, path);
}

static Value lib_process_chdir(Goroutine *g, Args a)
{
    if (!value_is_string(arg(a, 0))) return lib_argument_throw_type(g, "directory", "of type string", arg(a, 0));
    char *path = string_to_utf8(&g->heap, string_of(arg(a, 0)), NULL, false);
    if (!path) return error_throw_out_of_memory(g);
    bool failed = chdir(path) != 0;
    if (failed) lib_process_throw_system(g, "chdir", path);
    mem_free(path);
    return failed ? VALUE_THROWN : VALUE_UNDEFINED;
}

static Value lib_process_umask(Goroutine *g, Args a)
{
    double d = 0;
    if (a.count) OK(convert_to_double(g, arg(a, 0), &d));
    mode_t old = umask((mode_t)number_to_int32(d));
    if (!a.count) umask(old);
    return value_from_int((int32_t)old);
}

/* process.kill(pid, signal): a number, 0 to ask, or one of the usual names. */
static Value lib_process_kill(Goroutine *g, Args a)
{
    static const struct { const char *name; int number; } signals[] = {
        { "SIGHUP", SIGHUP }, { "SIGINT", SIGINT }, { "SIGQUIT", SIGQUIT }, { "SIGKILL", SIGKILL }, { "SIGUSR1", SIGUSR1 },
        { "SIGUSR2", SIGUSR2 }, { "SIGTERM", SIGTERM }, { "SIGCONT", SIGCONT }, { "SIGSTOP", SIGSTOP },
    };
    double pid;
    int number = value_is_undefined(arg(a, 1)) ? SIGTERM : -1;
    OK(convert_to_double(g, arg(a, 0), &pid));
    if (value_is_number(arg(a, 1))) number = number_to_int32(value_number(arg(a, 1)));
    for (size_t i = 0; value_is_string(arg(a, 1)) && i < COUNT_OF(signals); i++)
        if (string_equal_text(&g->heap, string_of(arg(a, 1)), signals[i].name)) number = signals[i].number;
    if (number < 0) return error_throw(g, ERROR_TYPE, "Unknown signal: %V", arg(a, 1)), lib_argument_add_code(g, "ERR_UNKNOWN_SIGNAL");
    if (kill((pid_t)number_to_int32(pid), number)) return lib_process_throw_system(g, "kill", "");
    return VALUE_TRUE;
}

/* ---- later ------------------------------------------------------------------------------------------------------- */

static Value lib_process_next_tick(Goroutine *g, Args a)
{
    if (!value_is_callable(arg(a, 0))) return lib_argument_throw_type(g, "callback", "of type function", arg(a, 0));
    ValueList *rest = a.count > 1 ? list_new(&g->heap, a.count - 1) : NULL;
    for (uint32_t i = 1; i < a.count; i++) list_push(&g->heap, &rest, arg(a, i));
    task_add_tick(g, arg(a, 0), rest ? value_from_cell(rest) : VALUE_UNDEFINED);
    return VALUE_UNDEFINED;
}

/* process.emitWarning(warning, type): on standard error, "(ultrascript:123) Warning: text". */
static Value lib_process_emit_warning(Goroutine *g, Args a)
{
    StringBuilder b;
    char process[48];
    Value type = arg(a, 1), text = arg(a, 0);
    if (value_is_object(type)) type = TRY(object_get(g, object_of(type), intern_key_text(&g->heap, "type")));
    String *words = convert_to_string(g, text);
    if (!words) return VALUE_THROWN;
    snprintf(process, sizeof process, "(ultrascript:%d) ", (int)getpid());
    string_builder_init(&b);
    string_builder_put_text(&b, process);
    if (!value_is_kind(text, KIND_ERROR)) {
        if (value_is_string(type)) string_builder_put_string(&g->heap, &b, string_of(type));
        else string_builder_put_text(&b, "Warning");
        string_builder_put_text(&b, ": ");
    }
    string_builder_put_string(&g->heap, &b, words);
    Value line = TRY(error_string_or_throw(g, string_builder_end(&g->heap, &b)));
    lib_output_string(&g->heap, OUTPUT_STDERR, string_of(line), true);
    return VALUE_UNDEFINED;
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static Value lib_process_construct(Goroutine *g, Args a)
{
    (void)a;
    return error_throw(g, ERROR_TYPE, "Illegal constructor");
}

static const NativeSpec lib_process_functions[] = {
    LIB_METHOD("exit", 1, lib_process_exit),
    LIB_METHOD("reallyExit", 1, lib_process_exit),
    LIB_METHOD("abort", 0, lib_process_abort),
    LIB_METHOD("cwd", 0, lib_process_cwd),
    LIB_METHOD("chdir", 1, lib_process_chdir),
    LIB_METHOD("umask", 1, lib_process_umask),
    LIB_METHOD("kill", 2, lib_process_kill),
    LIB_METHOD("nextTick", 1, lib_process_next_tick),
    LIB_METHOD("emitWarning", 1, lib_process_emit_warning),
};

static Value process_arguments(const Lib *lib, Value path)
{
    const struct VmOptions *options = lib->g->vm->options;
    Array *argv = array_new_with_shape(lib->h, lib->realm->array_shape, 0);
    CHECK(argv && array_push(lib->g, argv, path), "there is memory for the arguments");
    for (int i = 0; options && i < options->argument_count; i++)
        CHECK(array_push(lib->g, argv, process_text(lib->h, options->arguments[i])), "there is memory for the arguments");
    return value_from_cell(argv);
}

void lib_process_set_program(Goroutine *g, const char *path)
{
    PropertyRef ref;
    if (!object_find_own(&g->heap, process_object(g), intern_key_text(&g->heap, "argv"), &ref)) return;
    Array *old = array_of(ref.value), *argv = array_new(g);
    for (uint32_t i = 0; i < old->length; i++) {
        CHECK(array_push(g, argv, elements_try_get(old, i)), "there is memory for the arguments");
        if (i == 0) CHECK(array_push(g, argv, process_text(&g->heap, path)), "there is memory for the arguments");
    }
    object_define(&g->heap, process_object(g), intern_key_text(&g->heap, "argv"), value_from_cell(argv), PROPERTY_DEFAULT);
}

static const char *process_arch(void)
{
#if defined(__x86_64__)
    return "x64";
#elif defined(__aarch64__)
    return "arm64";
#else
    return "unknown";
#endif
}

static void process_install_facts(const Lib *lib, Value process)
{
    char path[PROCESS_PATH_BYTES];
    if (!os_executable_path(path, sizeof path)) snprintf(path, sizeof path, "ultrascript");
    Value versions = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype)), executable = process_text(lib->h, path);
    const struct { const char *name; Value v; } facts[] = {
        { "version", process_text(lib->h, "v" VERSION) }, { "versions", versions }, { "arch", process_text(lib->h, process_arch()) },
        { "platform", process_text(lib->h, "linux") }, { "title", process_text(lib->h, "ultrascript") },
        { "argv", process_arguments(lib, executable) }, { "execArgv", value_from_cell(array_new_with_shape(lib->h, lib->realm->array_shape, 0)) },
        { "argv0", process_text(lib->h, "ultrascript") }, { "execPath", executable }, { "pid", value_from_int((int32_t)getpid()) },
        { "ppid", value_from_int((int32_t)getppid()) }, { "env", lib_process_new_environment(lib) }, { "exitCode", VALUE_UNDEFINED },
        { "stdin", lib_process_new_stream(lib, 0) }, { "stdout", lib_process_new_stream(lib, OUTPUT_STDOUT) },
        { "stderr", lib_process_new_stream(lib, OUTPUT_STDERR) },
    };
    install_value(lib, versions, "ultrascript", process_text(lib->h, VERSION), PROPERTY_DEFAULT);
    for (size_t i = 0; i < COUNT_OF(facts); i++) install_value(lib, process, facts[i].name, facts[i].v, PROPERTY_DEFAULT);
}

void lib_process_install(const Lib *lib)
{
    static const NativeSpec constructor = LIB_CONSTRUCTOR("process", 0, lib_process_construct);
    Value proto = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    Value process = install_object(lib, proto);
    install_value(lib, proto, "constructor", install_function(lib, &constructor), PROPERTY_METHOD);
    install_tag(lib, process, "process");
    process_install_facts(lib, process);
    for (size_t i = 0; i < COUNT_OF(lib_process_functions); i++)
        install_value(lib, process, lib_process_functions[i].name, install_function(lib, &lib_process_functions[i]), PROPERTY_DEFAULT);
    lib->realm->intrinsics[INTRINSIC_process] = process;
    lib_process_install_events(lib, proto);
    lib_process_install_time(lib, process);
    install_global(lib, "process", process);
}
