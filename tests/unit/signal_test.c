/* SPDX-License-Identifier: MIT */
/* Handlers of signals while machine code runs: never on a goroutine's stack. */
#include "vm/base/altstack.h"

#include <signal.h>
#include <sys/time.h>

#include "tests/unit/vm_fixture.h"
#include "vm/base/atomic.h"

static uint32_t handled, handled_elsewhere;              // atomic; written by the handler

static void count_signal(int signal)
{
    stack_t now;
    volatile char wide[4096];                            // would reach below a frame of the language
    for (size_t i = 0; i < sizeof wide; i++) wide[i] = (char)signal;
    bool is_on_it = sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_ONSTACK);
    atomic_add_relaxed(is_on_it ? &handled : &handled_elsewhere, 1);
}

static void run_under_signals(JitMode mode)
{
    struct sigaction action = { .sa_handler = count_signal, .sa_flags = SA_ONSTACK | SA_RESTART }, before;
    struct itimerval every = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
    VmFixture f;
    vm_fixture_begin_with(&f, (VmOptions){ .jit.mode = mode });
    EXPECT(altstack_is_there());
    handled = handled_elsewhere = 0;
    sigaction(SIGPROF, &action, &before);
    setitimer(ITIMER_PROF, &every, NULL);
    for (int i = 0; i < 200 && atomic_get_relaxed(&handled) < 20; i++)
        EXPECT_RUNS(&f, "832040", "(function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) })(17), 832040");
    setitimer(ITIMER_PROF, &never, NULL);
    sigaction(SIGPROF, &before, NULL);
    EXPECT(handled > 0);
    EXPECT_EQ(0u, handled_elsewhere);
    vm_fixture_end(&f);
}

TEST(signals_are_handled_on_a_stack_of_their_own_while_machine_code_runs)
{
    run_under_signals(JIT_EAGER);
    run_under_signals(JIT_OFF);
}

TEST(altstack_is_given_back_when_the_vm_ends)
{
    VmFixture f;
    bool before = altstack_is_there();
    vm_fixture_begin(&f);
    EXPECT(altstack_is_there());
    vm_fixture_end(&f);
    EXPECT_EQ(before, altstack_is_there());
}
