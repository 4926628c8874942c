/* SPDX-License-Identifier: MIT */
#include "vm/sched/poller.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vm/base/mem.h"
#include "vm/sched/sched_int.h"

enum { POLLER_EVENTS = 16, POLLER_END = -1 };

typedef struct PollWait {
    struct PollWait *next;
    Fiber           *fiber;
    uint32_t         ticket;             // of the fiber's wait
    int              fd;
} PollWait;

struct Poller {
    Thread    thread;
    int       epoll_fd;                  // immutable, as is the next one
    int       end_fd;                    // can be read when the thread is to end
    Mutex     lock;                      // LOCK_POLL
    PollWait *waits;                     // lock
};

/* ---- the thread -------------------------------------------------------------------------------------------------- */

/* The waits for `fd`, which are the caller's now. */
static PollWait *poller_take(Poller *p, int fd)
{
    PollWait *taken = NULL;
    mutex_lock(&p->lock);
    for (PollWait **link = &p->waits, *w; (w = *link) != NULL;) {
        if (w->fd != fd) {
            link = &w->next;
            continue;
        }
        *link = w->next;
        w->next = taken;
        taken = w;
    }
    mutex_unlock(&p->lock);
    return taken;
}

/* A wait's result is undefined from its beginning, so none is stored here: the collector may be reading it. */
static void poller_end_waits(Poller *p, int fd)
{
    for (PollWait *w = poller_take(p, fd), *next; w; w = next) {
        Goroutine *target = w->fiber->goroutine;
        next = w->next;
        bool is_claimed = fiber_claim(w->fiber, w->ticket);
        if (is_claimed) fiber_push_ready(w->fiber);      // from here on it may run
        if (is_claimed) sched_nudge(target);
        mem_free(w);
    }
}

static void poller_body(void *argument)
{
    Poller *p = argument;
    struct epoll_event events[POLLER_EVENTS];
    for (;;) {
        int count = epoll_wait(p->epoll_fd, events, POLLER_EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == POLLER_END) return;
            poller_end_waits(p, events[i].data.fd);
        }
    }
}

static bool poller_watch(const Poller *p, int fd, int as, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.fd = as };
    if (epoll_ctl(p->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0) return true;
    return errno == EEXIST && epoll_ctl(p->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0;
}

static void poller_free(Poller *p)
{
    if (p->epoll_fd >= 0) close(p->epoll_fd);
    if (p->end_fd >= 0) close(p->end_fd);
    mem_free(p);
}

static Poller *poller_new(void)
{
    Poller *p = mem_alloc_zeroed(sizeof *p);
    p->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    p->end_fd = eventfd(0, EFD_CLOEXEC);
    mutex_init(&p->lock, LOCK_POLL, (uint64_t)(uintptr_t)p);
    bool made = p->epoll_fd >= 0 && p->end_fd >= 0 && poller_watch(p, p->end_fd, POLLER_END, EPOLLIN);
    if (made && thread_create(&p->thread, "us-poller", 0, poller_body, p)) return p;
    poller_free(p);
    return NULL;
}

/* NULL: the system refuses one. */
static Poller *poller_get(Sched *s)
{
    Poller *p = atomic_get_acquire(&s->poller);          // with the store below
    if (p) return p;
    mutex_lock(&s->lock);
    if (!s->poller && !s->has_no_poller) atomic_set_release(&s->poller, poller_new());
    p = s->poller;
    mutex_unlock(&s->lock);
    return p;
}

void poller_end(Sched *s)
{
    uint64_t one = 1;
    mutex_lock(&s->lock);
    Poller *p = s->poller;
    s->has_no_poller = true;
    mutex_unlock(&s->lock);
    if (!p) return;
    while (write(p->end_fd, &one, sizeof one) < 0 && errno == EINTR) continue;
    thread_join(&p->thread);
}

void poller_destroy(Poller *p)
{
    if (!p) return;
    for (PollWait *w = p->waits, *next; w; w = next) {
        next = w->next;
        mem_free(w);
    }
    poller_free(p);
}

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

/* I1: the thread that runs this looks for work, and whether there is any, when the goroutine waits again or ends. */
static Value poller_finish(Goroutine *g, Fiber *f)
{
    atomic_add_seq_cst(&sched_of(g->vm)->outside, (uint32_t)-1);
    return f->result;
}

/* The wait that has just begun is over already, unless the poller was quicker. */
static Value poller_do_not_wait(Goroutine *g, uint32_t ticket, Value result)
{
    Fiber *f = fiber_current(g);
    if (fiber_claim(f, ticket)) sched_ready(g, f, result);
    return VALUE_PARKED;
}

Value poller_wait(Goroutine *g, int fd, WaitKind kind)
{
    Sched *s = sched_of(g->vm);
    Poller *p = poller_get(s);
    uint32_t ticket = fiber_begin_wait(g, kind, VALUE_UNDEFINED, poller_finish);
    atomic_add_seq_cst(&s->outside, 1);
    if (!p) return poller_do_not_wait(g, ticket, VALUE_FALSE);
    PollWait *w = mem_alloc(sizeof *w);
    *w = (PollWait){ .fiber = fiber_current(g), .ticket = ticket, .fd = fd };
    mutex_lock(&p->lock);
    w->next = p->waits;
    p->waits = w;
    mutex_unlock(&p->lock);
    if (poller_watch(p, fd, fd, EPOLLIN | EPOLLONESHOT)) return VALUE_PARKED;
    bool can_always_be_read = errno == EPERM;
    Value parked = poller_do_not_wait(g, ticket, can_always_be_read ? VALUE_UNDEFINED : VALUE_FALSE);
    poller_end_waits(p, fd);
    return parked;
}

void poller_wake(Vm *vm, int fd)
{
    Poller *p = atomic_get_acquire(&sched_of(vm)->poller);           // with poller_get
    if (p) poller_end_waits(p, fd);
}
