/* SPDX-License-Identifier: MIT */
/* render.c - a host program: gives UltraScript a native class, runs render.us, whose goroutines draw into an instance
 * of it, and then looks at the picture from threads of its own.
 *
 *     cc render.c $(pkg-config --cflags --libs --static ultrascript) && ./a.out render.us */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ultrascript.h"

enum { THREADS = 4 };

/* ---- the class Bitmap -------------------------------------------------------------------------------------------- */

typedef struct Bitmap {
    unsigned      width, height;
    unsigned char pixels[];              // goroutines write different ones; a byte is a memory location of its own
} Bitmap;

static unsigned bitmaps_freed;           // atomic: finalizers run on any thread

static void bitmap_free(void *data)
{
    free(data);
    __atomic_fetch_add(&bitmaps_freed, 1, __ATOMIC_RELAXED);
}

static const UsClass bitmap_class;

/* Argument `i` as a number in [0, below). */
static UsStatus bitmap_number(UsGoroutine *g, const UsCall *call, size_t i, double below, unsigned *n, UsValue *result)
{
    double d;
    UsStatus status = us_to_number(g, us_argument(call, i), &d, result);
    if (status != US_OK) return status;
    if (!(d >= 0 && d < below)) return us_throw(g, US_RANGE_ERROR, "out of the bitmap's range", result);
    *n = (unsigned)d;
    return US_OK;
}

static UsStatus bitmap_construct(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    unsigned width, height;
    UsStatus status = bitmap_number(g, call, 0, 4096, &width, result);
    if (status == US_OK) status = bitmap_number(g, call, 1, 4096, &height, result);
    if (status != US_OK) return status;
    size_t size = sizeof(Bitmap) + (size_t)width * height;
    Bitmap *b = calloc(1, size);
    if (!b) return US_ERROR_MEMORY;
    b->width = width;
    b->height = height;
    status = us_instance(g, call, &bitmap_class, b, size, result);
    if (status != US_OK) free(b);
    return status;
}

/* The pixel that the first two arguments name. */
static UsStatus bitmap_pixel(UsGoroutine *g, const UsCall *call, unsigned char **pixel, UsValue *result)
{
    unsigned x, y;
    Bitmap *b = us_data(us_this(call), &bitmap_class);
    if (!b) return us_throw(g, US_TYPE_ERROR, "this is no Bitmap", result);
    UsStatus status = bitmap_number(g, call, 0, b->width, &x, result);
    if (status == US_OK) status = bitmap_number(g, call, 1, b->height, &y, result);
    if (status == US_OK) *pixel = &b->pixels[(size_t)y * b->width + x];
    return status;
}

static UsStatus bitmap_get(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    unsigned char *pixel;
    UsStatus status = bitmap_pixel(g, call, &pixel, result);
    if (status == US_OK) *result = us_number(*pixel);
    return status;
}

static UsStatus bitmap_set(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    unsigned char *pixel;
    unsigned shade = 0;
    UsStatus status = bitmap_pixel(g, call, &pixel, result);
    if (status == US_OK) status = bitmap_number(g, call, 2, 256, &shade, result);
    if (status == US_OK) *pixel = (unsigned char)shade;
    return status;
}

static const UsMethod bitmap_methods[] = { { "get", 2, bitmap_get }, { "set", 3, bitmap_set } };

static const UsClass bitmap_class = {
    .name = "Bitmap", .arity = 2, .construct = bitmap_construct, .methods = bitmap_methods, .method_count = 2,
    .finalize = bitmap_free,
};

/* ---- the host ---------------------------------------------------------------------------------------------------- */

static UsStatus host_say(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    char text[200];
    UsStatus status = us_to_text(g, us_argument(call, 0), text, sizeof text, NULL);
    if (status == US_OK) puts(text);
    return status;
}

static void host_must(UsGoroutine *g, UsStatus status, const char *what, UsValue exception)
{
    char text[200] = "";
    if (status == US_OK) return;
    if (status == US_THROWN) (void)us_to_text(g, exception, text, sizeof text, NULL);
    fprintf(stderr, "render: %s: %s %s\n", what, us_status_text(status), text);
    exit(1);
}

static char *host_read(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    char *text = malloc(1 << 16);
    *size = text ? fread(text, 1, 1 << 16, f) : 0;
    fclose(f);
    return text;
}

typedef struct Counter {
    UsVm    *vm;
    UsHandle bitmap;
    unsigned index;
    double   count;
    pthread_t thread;
} Counter;

/* A thread of the host's counts in a quarter of the picture. */
static void *host_count(void *argument)
{
    Counter *c = argument;
    UsGoroutine *g;
    UsValue arguments[3], f, result = us_undefined();
    host_must(NULL, us_attach(c->vm, &g), "attach", result);
    host_must(g, us_get(g, us_global(g), "countBlack", &f), "countBlack", f);
    host_must(g, us_handle_get(g, c->bitmap, &arguments[0]), "handle", result);
    arguments[1] = us_number(c->index * 64 / THREADS);
    arguments[2] = us_number((c->index + 1) * 64 / THREADS);
    host_must(g, us_call(g, f, us_undefined(), 3, arguments, &result), "countBlack", result);
    host_must(g, us_to_number(g, result, &c->count, NULL), "a number", result);
    host_must(g, us_detach(g), "detach", result);
    return NULL;
}

/* The main goroutine is away while it waits for threads: they need a worker. */
static void host_count_all(UsVm *vm, UsGoroutine *g, UsValue bitmap)
{
    Counter counters[THREADS];
    UsHandle handle;
    double count = 0;
    host_must(g, us_handle(g, bitmap, &handle), "handle", bitmap);
    for (unsigned i = 0; i < THREADS; i++) {
        counters[i] = (Counter){ .vm = vm, .bitmap = handle, .index = i };
        if (pthread_create(&counters[i].thread, NULL, host_count, &counters[i])) exit(1);
    }
    (void)us_leave(g);
    for (unsigned i = 0; i < THREADS; i++) pthread_join(counters[i].thread, NULL);
    (void)us_enter(g);
    for (unsigned i = 0; i < THREADS; i++) count += counters[i].count;
    host_must(g, us_handle_free(g, handle), "handle", bitmap);
    printf("%d threads counted %.0f black dots\n", THREADS, count);
}

static void host_print(const Bitmap *b)
{
    for (unsigned y = 0; y < b->height; y += 4) {
        for (unsigned x = 0; x < b->width; x += 2) putchar(" .:-=+*%#@"[b->pixels[y * b->width + x] * 9 / 64]);
        putchar('\n');
    }
}

static void host_run(UsVm *vm, UsGoroutine *g, const char *source, size_t size)
{
    UsValue constructor, say, bitmap = us_undefined(), global = us_global(g);
    host_must(g, us_class(g, &bitmap_class, &constructor), "class", constructor);
    host_must(g, us_set(g, global, "Bitmap", constructor, NULL), "Bitmap", constructor);
    host_must(g, us_function(g, "say", 1, host_say, NULL, &say), "function", say);
    host_must(g, us_set(g, global, "say", say, NULL), "say", say);
    host_must(g, us_evaluate(g, "render.us", source, size, 0, &bitmap), "render.us", bitmap);
    host_must(g, us_run(g), "run", bitmap);
    host_print(us_data(bitmap, &bitmap_class));
    host_count_all(vm, g, bitmap);
}

int main(int argc, char **argv)
{
    UsVm *vm;
    UsGoroutine *g;
    size_t size;
    UsConfig config = { .memory_limit_bytes = 256 << 20, .workers = 2 };
    char *source = host_read(argc > 1 ? argv[1] : "render.us", &size);
    if (!source) return perror("render"), 1;
    host_must(NULL, us_vm_create(&config, &vm, &g), "create", us_undefined());
    host_run(vm, g, source, size);
    host_must(g, us_vm_destroy(vm), "destroy", us_undefined());
    printf("%u bitmaps freed\n", bitmaps_freed);
    free(source);
    return 0;
}
