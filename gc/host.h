/* SPDX-License-Identifier: MIT */
/* host.h - the calls the collector makes upward. The VM fills one GcHost and owns it for the heap's life.
 * All but interrupt_mutators, publish, published, over_limit and the private ones run with the world stopped. */
#ifndef US_GC_HOST_H
#define US_GC_HOST_H

#include "gc/kind.h"
#include "vm/base/licence.h"

typedef struct GcHost {
    void *context;                   // first argument of every call

    const GcKind *kinds;             // indexed by Cell.kind
    uint32_t      kind_count;

    /** Call roots_scan_words for every C stack that may hold references (see roots.h). */
    void (*scan_native_stacks)(void *context, Marker *m);

    /** How many parts the precise roots have in this cycle, so that several markers can share them. NULL: one. */
    uint32_t (*root_parts)(void *context);

    /** mark_value / mark_cell every precise root of a part: goroutine stacks, realms, handles, queues. Several threads
     *  call it at once, each part once. A cycle calls it again, and then goroutines may be left out (mark_cycle). */
    void (*mark_roots)(void *context, Marker *m, uint32_t part);

    /** Descriptors (hidden classes): the collector keeps nothing about them but calls this once for each cell it
     *  marks whose `shape` is not 0 and whose byte in `shape_marks` is 0. The host sets the byte and marks what
     *  the descriptor refers to. Markers that come at once may all call. */
    void (*mark_shape)(void *context, Marker *m, uint32_t shape);
    uint8_t *shape_marks;            // one byte a descriptor; cleared by prepare

    /** Where a cycle looks at the roots again (mark_again): what was marked until now becomes a root, and shape_marks
     *  as prepare leaves it. NULL: descriptors refer to nothing. */
    void (*keep_shape_marks)(void *context);

    /** For a second marking (shadow.h): shape_marks becomes as prepare leaves it. NULL as above. */
    void (*clear_shape_marks)(void *context);

    /** How many bytes of shape_marks are in use. Where there is clear_shape_marks. */
    uint32_t (*shape_mark_count)(void *context);

    /** Before marking: clear shape_marks and whatever else a cycle starts with. */
    void (*prepare)(void *context);

    /** The world is to stop: make the goroutines that run now enter safepoint_poll_slow soon. May be NULL while only
     *  one thread exists. */
    void (*interrupt_mutators)(void *context);

    /** `c` was just made shared by its owner; `m` publishes what is marked through it. For what tracing alone does not
     *  see: the descriptor's references, weak ones. May be NULL. */
    void (*publish)(void *context, Marker *m, Cell *c);

    /** `h` made `cells` cells of `bytes` bytes shared at once: as roots of all goroutines, or because of what its
     *  goroutine is doing. Called where HeapOptions.publish_profile is set. */
    void (*published)(void *context, LocalHeap *h, bool are_roots, uint64_t cells, uint64_t bytes);

    /** `h` owns more than it may, or C memory is short: have its goroutine poll soon. May be NULL. */
    void (*over_limit)(void *context, LocalHeap *h);

    /** mark_value / mark_cell the part of the roots that is the goroutine's of `h`, on its own thread or with the world
     *  stopped. NULL: it has none. */
    void (*mark_local_roots)(void *context, LocalHeap *h, Marker *m);

    /** Mark the roots that a private collection of `h` starts from: all that may refer to private cells of its
     *  goroutine. On the goroutine's own thread, while others run. NULL: there are no private collections. */
    void (*mark_private_roots)(void *context, LocalHeap *h, Marker *m);

    /** Can `h` be collected by itself now? */
    bool (*may_collect_private)(void *context, LocalHeap *h);

    /** Call `visit` for the context of every goroutine, but for those that waited all the time since the cycle of that
     *  number (mark_cycle) marked their roots; 0: for all. May be NULL: those of threads are all. */
    void (*each_local)(void *context, uint32_t but_cycle, void (*visit)(void *visit_context, LocalHeap *h),
                       void *visit_context);

    /** After marking, before memory is reused: a large table of the host's, from which several markers drop dead
     *  entries (mark_is_marked), each part once. finish_parts is how many parts there are. NULL: none. */
    uint32_t (*finish_parts)(void *context);
    void (*finish_part)(void *context, Marker *m, uint32_t part);

    /** After that: drop dead entries of other tables. */
    void (*finish)(void *context, Marker *m);
} GcHost;

#endif
