/* SPDX-License-Identifier: MIT */
/* re_pcre_inl.h - what depends on the width of PCRE2's library, included by re_pcre.c once for each:
 *
 *   RE_LIB(name)     the library's name for it
 *   RE_IN(name)      names of this copy
 *   RE_UNIT          PCRE2's unit */

/* JIT code for the pattern, or NULL. */
static void *RE_IN(compile)(Arena *arena, const ReEmitted *emitted, bool is_sticky)
{
    RE_UNIT *pattern = ARENA_ARRAY(arena, RE_UNIT, emitted->length + 1);
    for (uint32_t i = 0; i < emitted->length; i++) pattern[i] = (RE_UNIT)emitted->pattern[i];
    uint32_t options = PCRE2_MATCH_UNSET_BACKREF | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_UCP;
    if (emitted->is_utf) options |= PCRE2_UTF | PCRE2_NO_UTF_CHECK;
    if (is_sticky) options |= PCRE2_ANCHORED;
    RE_LIB(pcre2_general_context) *general;
    general = RE_LIB(pcre2_general_context_create)(pcre_alloc, pcre_free, NULL);
    RE_LIB(pcre2_compile_context) *context = general ? RE_LIB(pcre2_compile_context_create)(general) : NULL;
    RE_LIB(pcre2_code) *code = NULL;
    if (context) {
        int error;
        PCRE2_SIZE offset;
        code = RE_LIB(pcre2_compile)(pattern, emitted->length, options, &error, &offset, context);
    }
    if (code && RE_LIB(pcre2_jit_compile)(code, PCRE2_JIT_COMPLETE) != 0) {
        RE_LIB(pcre2_code_free)(code);
        code = NULL;
    }
    RE_LIB(pcre2_compile_context_free)(context);
    RE_LIB(pcre2_general_context_free)(general);
    return code;
}

static void RE_IN(free_code)(void *code)
{
    RE_LIB(pcre2_code_free)(code);
}

static void RE_IN(scratch_free)(RePcreScratch *s)
{
    RE_LIB(pcre2_match_data_free)(s->data[RE_WIDE]);
    RE_LIB(pcre2_match_context_free)(s->context[RE_WIDE]);
    RE_LIB(pcre2_jit_stack_free)(s->stack[RE_WIDE]);
}

static bool RE_IN(scratch_prepare)(RePcreScratch *s, uint32_t pairs)
{
    if (s->data[RE_WIDE] && s->pairs[RE_WIDE] >= pairs) return true;
    RE_LIB(pcre2_general_context) *general;
    general = RE_LIB(pcre2_general_context_create)(pcre_alloc, pcre_free, NULL);
    if (!general) return false;
    RE_LIB(pcre2_match_data_free)(s->data[RE_WIDE]);
    s->pairs[RE_WIDE] = pairs < FEWEST_PAIRS ? FEWEST_PAIRS : pairs;
    s->data[RE_WIDE] = RE_LIB(pcre2_match_data_create)(s->pairs[RE_WIDE], general);
    if (!s->context[RE_WIDE]) s->context[RE_WIDE] = RE_LIB(pcre2_match_context_create)(general);
    if (!s->stack[RE_WIDE])
        s->stack[RE_WIDE] = RE_LIB(pcre2_jit_stack_create)(JIT_STACK_FIRST, JIT_STACK_LIMIT, general);
    RE_LIB(pcre2_general_context_free)(general);
    if (!s->data[RE_WIDE] || !s->context[RE_WIDE] || !s->stack[RE_WIDE]) return false;
    RE_LIB(pcre2_jit_stack_assign)(s->context[RE_WIDE], NULL, s->stack[RE_WIDE]);
    return true;
}

/* Starts in [start, limit] only. PCRE2's result: positive, or an error. */
static int RE_IN(run)(const RePcreCode *code, RePcreScratch *s, ReText text, uint32_t start, size_t limit)
{
    RE_LIB(pcre2_match_context) *context = s->context[RE_WIDE];
    if (s->steps_length[RE_WIDE] != text.length + 1) {
        s->steps_length[RE_WIDE] = text.length + 1;
        RE_LIB(pcre2_set_match_limit)(context, step_limit(text.length));
    }
    RE_LIB(pcre2_set_offset_limit)(context, limit);
    return RE_LIB(pcre2_jit_match)(code->code, text.units, text.length, start, 0, s->data[RE_WIDE], context);
}

static const PCRE2_SIZE *RE_IN(bounds)(const RePcreScratch *s)
{
    return RE_LIB(pcre2_get_ovector_pointer)(s->data[RE_WIDE]);
}
