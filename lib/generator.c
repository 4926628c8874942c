/* SPDX-License-Identifier: MIT */
/* %GeneratorPrototype% (ECMA-262 27.5.1). */
#include "lib/families.h"
#include "lib/iterator.h"
#include "vm/exec/coroutine.h"
#include "vm/object/iterate.h"

/* next, return, throw. magic: a ResumeMode. */
static Value lib_generator_resume(Goroutine *g, Args a)
{
    ResumeOutcome outcome;
    Value v = TRY(coroutine_resume_generator(g, a.self, (ResumeMode)args_magic(a), arg(a, 0), &outcome));
    return outcome == RESUMED_RESULT ? v : realm_iterator_result(g, v, outcome == RESUMED_RETURN);
}

/* next() of a loop, which needs no result object. */
static Value lib_generator_step(Goroutine *g, Value generator)
{
    ResumeOutcome outcome;
    Value v = TRY(coroutine_resume_generator(g, generator, RESUME_NEXT, VALUE_UNDEFINED, &outcome));
    if (outcome == RESUMED_RESULT) return iterate_unpack(g, v);
    return outcome == RESUMED_RETURN ? VALUE_HOLE : v;
}

static const NativeSpec lib_generator_methods[] = {
    { .name = "next", .function = lib_generator_resume, .length = 1, .magic = RESUME_NEXT, .step = lib_generator_step },
    LIB_MAGIC("return", 1, lib_generator_resume, RESUME_RETURN),
    LIB_MAGIC("throw", 1, lib_generator_resume, RESUME_THROW),
};

void lib_generator_install(const Lib *lib)
{
    Value proto = install_object(lib, iterator_prototype(lib));
    Value function_proto = install_intrinsic(lib, INTRINSIC_GeneratorFunctionPrototype);
    INSTALL_TABLE(lib, proto, lib_generator_methods);
    install_tag(lib, proto, "Generator");
    install_value(lib, proto, "constructor", function_proto, PROPERTY_CONFIGURABLE);
    install_value(lib, function_proto, "prototype", proto, PROPERTY_CONFIGURABLE);
    lib->realm->intrinsics[INTRINSIC_GeneratorPrototype] = proto;
    object_mark_prototype(lib->h, object_of(proto));            // generators' own prototypes are made in function.c
}
