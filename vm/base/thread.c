/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1                // pthread_setname_np
#endif
#include "vm/base/thread.h"

#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm/base/assert.h"
#include "vm/base/bits.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"

/* What the new thread takes over: it frees this before it calls the body. */
typedef struct ThreadStart {
    ThreadBody body;
    void      *argument;
    bool       has_name;
    char       name[THREAD_NAME_BYTES];
} ThreadStart;

static void thread_cut_name(const char *name, char out[THREAD_NAME_BYTES])
{
    size_t length = strnlen(name, THREAD_NAME_BYTES - 1);
    memcpy(out, name, length);
    out[length] = '\0';
}

static void *thread_run(void *start_block)
{
    ThreadStart start = *(ThreadStart *)start_block;
    mem_free(start_block);
    if (start.has_name) thread_set_name(start.name);
    start.body(start.argument);
    return NULL;
}

static bool thread_set_stack_size(pthread_attr_t *attributes, size_t stack_bytes)
{
    if (stack_bytes == 0) return true;
    if (stack_bytes < (size_t)PTHREAD_STACK_MIN) stack_bytes = (size_t)PTHREAD_STACK_MIN;
    return pthread_attr_setstacksize(attributes, bits_align_up(stack_bytes, os_page_bytes())) == 0;
}

bool thread_create(Thread *t, const char *name, size_t stack_bytes, ThreadBody body, void *argument)
{
    ThreadStart *start = mem_try_alloc(sizeof *start);
    if (!start) return false;
    *start = (ThreadStart){ .body = body, .argument = argument, .has_name = name != NULL };
    if (name) thread_cut_name(name, start->name);
    pthread_attr_t attributes;
    bool is_started = false;
    if (pthread_attr_init(&attributes) == 0) {
        is_started = thread_set_stack_size(&attributes, stack_bytes) &&
                     pthread_create(&t->handle, &attributes, thread_run, start) == 0;
        pthread_attr_destroy(&attributes);
    }
    if (!is_started) mem_free(start);
    return is_started;
}

void thread_join(Thread *t)
{
    int error = pthread_join(t->handle, NULL);
    CHECK(error == 0, "a thread is joined once, by another");
}

void thread_set_name(const char *name)
{
    char cut[THREAD_NAME_BYTES];
    thread_cut_name(name, cut);
    pthread_setname_np(pthread_self(), cut);
}

void thread_get_name(char out[THREAD_NAME_BYTES])
{
    out[0] = '\0';
    pthread_getname_np(pthread_self(), out, THREAD_NAME_BYTES);
}

int thread_id(void)
{
    return (int)syscall(SYS_gettid);
}
