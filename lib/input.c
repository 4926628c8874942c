/* SPDX-License-Identifier: MIT */
/* Standard input: bytes that were read and not yet asked for, the process's; for input.us.
 *
 * I1  What a reader takes is taken under the lock, so each byte goes to one reader, and no line or character is divided
 *     between two.
 * I2  Nothing here waits: who finds that there is not enough waits by $inputWait (vm/sched/poller.h), and asks again. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/argument.h"
#include "lib/encoding.h"
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "lib/process_int.h"
#include "vm/base/buf.h"
#include "vm/base/mutex.h"
#include "vm/object/convert.h"
#include "vm/sched/poller.h"

enum { INPUT_PART_BYTES = 64 << 10 };

/* What $inputTake is asked for. */
typedef enum InputKind {
    INPUT_TEXT,                          // whatever there is, as UTF-8
    INPUT_BYTES,                         // whatever there is, a character for each byte
    INPUT_LINE,                          // a line, as UTF-8, without its end
} InputKind;

typedef struct Input {
    Mutex  lock;                         // LOCK_POLL
    bool   is_open;                      // lock, as is all that follows
    bool   has_ended;
    bool   can_block;                    // reading `fd` may wait: is looked at before
    int    fd;
    Buf    bytes;                        // read; those before `taken` are somebody's
    size_t taken;
    size_t searched;                     // at least `taken`: no line ends between
} Input;

static Input input;
static pthread_once_t input_once = PTHREAD_ONCE_INIT;

static void input_init(void)
{
    mutex_init(&input.lock, LOCK_POLL, (uint64_t)(uintptr_t)&input);
    buf_init(&input.bytes);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* A pipe or terminal is opened once more, so that not waiting for it is no business of other processes that have it. */
static void input_open(void)
{
    struct stat status;
    input.is_open = true;
    input.fd = STDIN_FILENO;
    if (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode)) return;
    int fd = open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0) input.fd = fd;
    input.can_block = fd < 0;
}

static bool input_would_block(void)
{
    struct pollfd look = { .fd = input.fd, .events = POLLIN };
    return input.can_block && poll(&look, 1, 0) == 0;
}

/* Read some more. False: there is none yet, or `*error` says why there is none. */
static bool input_fill(int *error)
{
    if (!input.is_open) input_open();
    if (input.has_ended || input_would_block()) return false;
    if (!buf_try_reserve(&input.bytes, INPUT_PART_BYTES)) {
        *error = ENOMEM;
        return false;
    }
    ssize_t count;
    do count = read(input.fd, input.bytes.bytes + input.bytes.count, INPUT_PART_BYTES);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
        if (errno != EAGAIN) *error = errno;
        return false;
    }
    input.bytes.count += (size_t)count;
    input.has_ended = count == 0;
    return true;
}

/* ---- taking ------------------------------------------------------------------------------------------------------ */

/* How many bytes a reader gets, the end of a line included; 0: it takes more to tell. */
static size_t input_measure(InputKind kind)
{
    size_t count = input.bytes.count - input.taken;
    if (!count) return 0;
    const uint8_t *bytes = (const uint8_t *)input.bytes.bytes, *start = bytes + input.taken;
    if (input.has_ended || kind == INPUT_BYTES) {
        if (kind != INPUT_LINE) return count;
    } else if (kind == INPUT_TEXT) {
        return count - lib_encoding_incomplete(start, count);
    }
    const uint8_t *newline = memchr(bytes + input.searched, '\n', input.bytes.count - input.searched);
    input.searched = input.bytes.count;
    if (newline) return (size_t)(newline - start) + 1;
    return input.has_ended ? count : 0;
}

/* Move `count` bytes to `out`; what is left goes to the front once it is no more than what was taken. */
static void input_move(Buf *out, size_t count)
{
    buf_put(out, input.bytes.bytes + input.taken, count);
    input.taken += count;
    size_t left = input.bytes.count - input.taken;
    if (left <= input.taken) {
        memmove(input.bytes.bytes, input.bytes.bytes + input.taken, left);
        input.bytes.count = left;
        input.taken = 0;
    }
    input.searched = input.taken;
}

typedef enum InputTaken { INPUT_TAKEN, INPUT_ENDED, INPUT_MUST_WAIT, INPUT_FAILED } InputTaken;

static InputTaken input_take(InputKind kind, Buf *out, int *error)
{
    size_t count;
    mutex_lock(&input.lock);
    while ((count = input_measure(kind)) == 0 && !input.has_ended && !*error)
        if (!input_fill(error)) break;
    if (count) input_move(out, count);
    bool has_ended = input.has_ended;
    mutex_unlock(&input.lock);
    if (count) return INPUT_TAKEN;
    return *error ? INPUT_FAILED : has_ended ? INPUT_ENDED : INPUT_MUST_WAIT;
}

static Value input_make_string(Goroutine *g, InputKind kind, const Buf *b)
{
    size_t count = b->count;
    if (kind == INPUT_LINE && count && b->bytes[count - 1] == '\n') {
        count--;
        if (count && b->bytes[count - 1] == '\r') count--;
    }
    String *s = kind == INPUT_BYTES ? string_new_latin1(&g->heap, (const uint8_t *)b->bytes, count)
                                    : string_new_utf8(&g->heap, (const char *)b->bytes, count);
    return s ? value_from_cell(s) : error_throw(g, ERROR_RANGE, "Invalid string length");
}

/* $inputTake(kind): a string; null at the end; undefined: wait first. */
Value lib_input_take(Goroutine *g, Args a)
{
    InputKind kind = (InputKind)value_int(arg(a, 0));
    int error = 0;
    Buf bytes;
    buf_init(&bytes);
    InputTaken taken = input_take(kind, &bytes, &error);
    Value v = taken == INPUT_ENDED ? VALUE_NULL : VALUE_UNDEFINED;
    if (taken == INPUT_TAKEN) v = input_make_string(g, kind, &bytes);
    buf_deinit(&bytes);
    if (taken != INPUT_FAILED) return v;
    errno = error;
    return lib_process_throw_system(g, "read", "standard input");
}

/* $inputWait(): until there may be more; false: the system refuses to tell. */
Value lib_input_wait(Goroutine *g, Args a)
{
    (void)a;
    mutex_lock(&input.lock);
    int fd = input.fd;
    mutex_unlock(&input.lock);
    return poller_wait(g, fd, WAIT_INPUT);
}

/* $inputRefuse() */
Value lib_input_refuse(Goroutine *g, Args a)
{
    (void)a;
    return error_throw(g, ERROR_PLAIN, "the system refuses to wait for standard input");
}

/* $inputWake(): who waits looks again. */
Value lib_input_wake(Goroutine *g, Args a)
{
    (void)a;
    mutex_lock(&input.lock);
    int fd = input.is_open ? input.fd : -1;
    mutex_unlock(&input.lock);
    if (fd >= 0) poller_wake(g->vm, fd);
    return VALUE_UNDEFINED;
}

/* $inputEncoding(name): of setEncoding: is it UTF-8? Else it is Latin-1. */
Value lib_input_encoding(Goroutine *g, Args a)
{
    static const struct { const char *name; bool is_utf8; } encodings[] = {
        { "utf8", true }, { "utf-8", true }, { "latin1", false }, { "binary", false }, { "ascii", false },
    };
    if (value_is_nullish(arg(a, 0))) return VALUE_TRUE;
    String *name = convert_to_string(g, arg(a, 0));
    OK(name);
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (string_equal_text(&g->heap, name, encodings[i].name)) return value_from_bool(encodings[i].is_utf8);
    error_throw(g, ERROR_TYPE, "Unknown encoding: %S", name);
    return lib_argument_add_code(g, "ERR_UNKNOWN_ENCODING");
}

void lib_input_install(const Lib *lib)
{
    pthread_once(&input_once, input_init);
    library_install(lib, "input");
}
