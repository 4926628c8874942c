/* SPDX-License-Identifier: MIT */
/* process.stdout and stderr: synchronous, with the few members that programs use without Node's stream module; and what
 * process.stdin has of its own (its reading is input.us's). */
#include <sys/ioctl.h>

#include "lib/argument.h"
#include "lib/output.h"
#include "lib/process_int.h"
#include "vm/object/task.h"
#include "vm/object/typed_array.h"

/* Call `f` with nothing, later. */
static void stream_call_later(Goroutine *g, Value f)
{
    if (value_is_callable(f)) task_add_tick(g, f, VALUE_UNDEFINED);
}

/* write(chunk, encoding, callback) and end(chunk, ...): magic is the file. */
static bool stream_put(Goroutine *g, int fd, Value chunk)
{
    if (value_is_string(chunk)) {
        lib_output_string(&g->heap, fd, string_of(chunk), false);
        return true;
    }
    if (!value_is_kind(chunk, KIND_UINT8_ARRAY)) {
        Value thrown = lib_argument_throw_type(g, "chunk", "of type string or an instance of Buffer or Uint8Array", chunk);
        return !value_is_thrown(thrown);
    }
    const TypedArray *t = typed_array_of(chunk);
    size_t length = typed_array_length(t);
    Buf bytes;
    buf_init(&bytes);
    buffer_put_bytes(&bytes, t->buffer, t->byte_offset, length);
    if (length) lib_output_write(fd, bytes.bytes, length);
    buf_deinit(&bytes);
    return true;
}

static Value lib_stream_write(Goroutine *g, Args a)
{
    OK(stream_put(g, args_magic(a), arg(a, 0)));
    stream_call_later(g, value_is_callable(arg(a, 1)) ? arg(a, 1) : arg(a, 2));
    return VALUE_TRUE;
}

static Value lib_stream_end(Goroutine *g, Args a)
{
    if (!value_is_nullish(arg(a, 0)) && !value_is_callable(arg(a, 0))) OK(stream_put(g, args_magic(a), arg(a, 0)));
    for (uint32_t i = 0; i < a.count; i++) stream_call_later(g, arg(a, i));
    return a.self;
}

/* on, once, off and the like: these streams have no events to tell. */
static Value lib_stream_self(Goroutine *g, Args a)
{
    (void)g;
    return a.self;
}

static Value lib_stream_false(Goroutine *g, Args a)
{
    (void)g, (void)a;
    return VALUE_FALSE;
}

/* getWindowSize(): [columns, rows]. */
static bool stream_window(int fd, struct winsize *size)
{
    return ioctl(fd, TIOCGWINSZ, size) == 0 && size->ws_col > 0;
}

static Value lib_stream_window_size(Goroutine *g, Args a)
{
    struct winsize size;
    if (!stream_window(args_magic(a), &size)) return VALUE_UNDEFINED;
    Array *pair = array_from_values(g, 2, (Value[]){ value_from_int(size.ws_col), value_from_int(size.ws_row) });
    return pair ? value_from_cell(pair) : VALUE_THROWN;
}

/* Getters of a terminal's size: read when asked for, since it changes. */
static Value lib_stream_columns(Goroutine *g, Args a)
{
    (void)g;
    struct winsize size;
    return stream_window(args_magic(a), &size) ? value_from_int(size.ws_col) : VALUE_UNDEFINED;
}

static Value lib_stream_rows(Goroutine *g, Args a)
{
    (void)g;
    struct winsize size;
    return stream_window(args_magic(a), &size) ? value_from_int(size.ws_row) : VALUE_UNDEFINED;
}

#define STREAM_FUNCTIONS(fd)                                                                              \
    {                                                                                                     \
        LIB_MAGIC("write", 1, lib_stream_write, fd), LIB_MAGIC("end", 0, lib_stream_end, fd),             \
        LIB_METHOD("on", 2, lib_stream_self), LIB_METHOD("once", 2, lib_stream_self),                     \
        LIB_METHOD("off", 2, lib_stream_self), LIB_METHOD("addListener", 2, lib_stream_self),             \
        LIB_METHOD("removeListener", 2, lib_stream_self), LIB_METHOD("emit", 1, lib_stream_false),        \
        LIB_METHOD("cork", 0, lib_stream_self), LIB_METHOD("uncork", 0, lib_stream_self),                 \
        LIB_MAGIC("getWindowSize", 0, lib_stream_window_size, fd),                                        \
    }

static const NativeSpec lib_stream_stdout[] = STREAM_FUNCTIONS(OUTPUT_STDOUT);
static const NativeSpec lib_stream_stderr[] = STREAM_FUNCTIONS(OUTPUT_STDERR);

#define STREAM_GETTER(name_, function_, fd) { .name = name_, .function = function_, .flags = NATIVE_GETTER, .magic = fd }
static const NativeSpec lib_stream_getters[][2] = {
    [OUTPUT_STDOUT] = { STREAM_GETTER("columns", lib_stream_columns, OUTPUT_STDOUT), STREAM_GETTER("rows", lib_stream_rows, OUTPUT_STDOUT) },
    [OUTPUT_STDERR] = { STREAM_GETTER("columns", lib_stream_columns, OUTPUT_STDERR), STREAM_GETTER("rows", lib_stream_rows, OUTPUT_STDERR) },
};

Value lib_process_new_stream(const Lib *lib, int fd)
{
    Value stream = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    if (fd == OUTPUT_STDOUT) INSTALL_TABLE(lib, stream, lib_stream_stdout);
    if (fd == OUTPUT_STDERR) INSTALL_TABLE(lib, stream, lib_stream_stderr);
    install_value(lib, stream, "fd", value_from_int(fd), PROPERTY_DEFAULT);
    install_value(lib, stream, fd ? "writable" : "readable", VALUE_TRUE, PROPERTY_DEFAULT);
    if (!lib_output_is_terminal(fd)) return stream;
    install_value(lib, stream, "isTTY", VALUE_TRUE, PROPERTY_DEFAULT);
    if (fd) INSTALL_TABLE(lib, stream, lib_stream_getters[fd]);
    return stream;
}
