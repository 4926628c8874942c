/* SPDX-License-Identifier: MIT */
/* re_match_inl.h - the body of the matcher, included by re_match.c once for each kind of subject:
 *
 *   RE_UNIT          uint8_t or uint16_t
 *   RE_CODE_POINTS   1: pairs of surrogates are one character (u or v on UTF-16)
 *   RE_IN(name)      names of this copy
 *
 * No #pragma once: there is nothing here but code that depends on these. */

/* ---- reading ---- */

/* The character at *pos, which moves behind it. Not at the end. */
static ALWAYS_INLINE uint32_t RE_IN(read)(const RE_UNIT *text, uint32_t length, uint32_t *pos)
{
    uint32_t c = text[(*pos)++];
    if (RE_CODE_POINTS && utf_is_lead_surrogate(c) && *pos < length && utf_is_trail_surrogate(text[*pos]))
        return utf_join_surrogates(c, text[(*pos)++]);
    return c;
}

/* The character before *pos, which moves before it. Not at the start. */
static ALWAYS_INLINE uint32_t RE_IN(read_back)(const RE_UNIT *text, uint32_t *pos)
{
    uint32_t c = text[--*pos];
    if (RE_CODE_POINTS && utf_is_trail_surrogate(c) && *pos > 0 && utf_is_lead_surrogate(text[*pos - 1]))
        return utf_join_surrogates(text[--*pos], c);
    return c;
}

static ALWAYS_INLINE bool RE_IN(set_has)(const ReCode *code, const ReCharSet *set, uint32_t c)
{
    if (sizeof(RE_UNIT) == 1 || c <= 0xff) return re_code_bit(set->latin1, c);
    return set->is_all || (set->range_count && re_code_set_has_wide(code, set, c));
}

/* Whether the filter allows what stands at `pos`; at the end it allows nothing. */
static ALWAYS_INLINE bool RE_IN(filter_allows)(const ReCode *code, uint32_t filter, const RE_UNIT *text,
                                               uint32_t length, uint32_t pos)
{
    if (filter == RE_NO_FILTER) return true;
    if (pos >= length) return false;
    const ReFilter *f = &code->filters[filter];
    uint32_t unit = text[pos];
    return sizeof(RE_UNIT) == 1 || unit <= 0xff ? re_code_bit(f->latin1, unit) : f->has_wide;
}

static ALWAYS_INLINE bool RE_IN(is_word_edge)(const RE_UNIT *text, uint32_t length, uint32_t pos, bool folds)
{
    bool before = pos > 0 && is_word_character(text[pos - 1], folds);
    bool behind = pos < length && is_word_character(text[pos], folds);
    return before != behind;
}

/* ---- back references ---- */

static bool RE_IN(is_same)(uint32_t a, uint32_t b, ReCompare compare)
{
    if (a == b) return true;
    if (compare == RE_COMPARE_EXACT) return false;
    UnicodeFold fold = compare == RE_COMPARE_SIMPLE ? UNICODE_FOLD_SIMPLE : UNICODE_FOLD_LEGACY;
    return unicode_fold(a, fold) == unicode_fold(b, fold);
}

/* Take at *pos, in the direction asked for, what stands in [first, end). */
static bool RE_IN(take_again)(const RE_UNIT *text, uint32_t length, uint32_t first, uint32_t end,
                              ReCompare compare, bool back, uint32_t *pos)
{
    uint32_t at = *pos;
    if (back) {
        while (end > first) {
            if (at == 0) return false;
            uint32_t a = RE_IN(read_back)(text, &end), b = RE_IN(read_back)(text, &at);
            if (!RE_IN(is_same)(a, b, compare)) return false;
        }
    } else {
        while (first < end) {
            if (at == length) return false;
            uint32_t a = RE_IN(read)(text, end, &first), b = RE_IN(read)(text, length, &at);
            if (!RE_IN(is_same)(a, b, compare)) return false;
        }
    }
    *pos = at;
    return true;
}

/* ---- runs: loops over one character ---- */

/* Members from `pos` on, at most `max`. *least: where `min` of them end. UINT32_MAX when there are not so
 * many. */
static uint32_t RE_IN(run_forward)(const ReCode *code, const RE_UNIT *text, uint32_t length, uint32_t pos,
                                   const uint32_t *run, uint32_t *least)
{
    const ReCharSet *set = &code->sets[run[1]];
    uint32_t min = run[2], max = run[3];
    if (!RE_CODE_POINTS) {
        uint32_t end = max > length - pos ? length : pos + max, at = pos;
        if (set->is_all) at = end;
        else while (at < end && RE_IN(set_has)(code, set, text[at])) at++;
        *least = pos + min;
        return at - pos < min ? UINT32_MAX : at;
    }
    uint32_t count = 0;
    if (min == 0) *least = pos;
    while (count < max && pos < length) {
        uint32_t behind = pos, c = RE_IN(read)(text, length, &behind);
        if (!RE_IN(set_has)(code, set, c)) break;
        pos = behind;
        if (++count == min) *least = pos;
    }
    return count < min ? UINT32_MAX : pos;
}

static uint32_t RE_IN(run_back)(const ReCode *code, const RE_UNIT *text, uint32_t pos, const uint32_t *run,
                                uint32_t *least)
{
    const ReCharSet *set = &code->sets[run[1]];
    uint32_t min = run[2], max = run[3], count = 0;
    if (min == 0) *least = pos;
    while (count < max && pos > 0) {
        uint32_t before = pos, c = RE_IN(read_back)(text, &before);
        if (!RE_IN(set_has)(code, set, c)) break;
        pos = before;
        if (++count == min) *least = pos;
    }
    return count < min ? UINT32_MAX : pos;
}

/* Exactly `count` members in either direction; UINT32_MAX when there are not so many. */
static uint32_t RE_IN(run_exactly)(const ReCode *code, const RE_UNIT *text, uint32_t length, uint32_t pos,
                                   const ReCharSet *set, uint32_t count, bool back)
{
    for (; count > 0; count--) {
        if (back ? pos == 0 : pos >= length) return UINT32_MAX;
        uint32_t c = back ? RE_IN(read_back)(text, &pos) : RE_IN(read)(text, length, &pos);
        if (!RE_IN(set_has)(code, set, c)) return UINT32_MAX;
    }
    return pos;
}

/* The next way to do the run of frame `f`: its position into *pos. True when the frame may be asked again. */
static bool RE_IN(run_retry)(const ReCode *code, const RE_UNIT *text, uint32_t length, ReFrame *f,
                             uint32_t *pos)
{
    const uint32_t *run = code->words + (f->what >> FRAME_SHIFT);
    const ReCharSet *set = &code->sets[run[1]];
    uint32_t at = f->b;
    if (run[0] == RE_OP_RUN) {
        do {
            uint32_t least = f->a;
            at--;
            if (RE_CODE_POINTS && at > least && utf_is_trail_surrogate(text[at]) &&
                utf_is_lead_surrogate(text[at - 1]))
                at--;
        } while (at > f->a && !RE_IN(filter_allows)(code, run[4], text, length, at));
    } else if (run[0] == RE_OP_RUN_BACK) {
        (void)RE_IN(read)(text, f->a, &at);
    } else {                          // lazy: f->a counts what has been taken
        bool back = run[0] == RE_OP_RUN_LAZY_BACK;
        do {
            at = f->a == run[3] ? UINT32_MAX : RE_IN(run_exactly)(code, text, length, at, set, 1, back);
            if (at == UINT32_MAX) {
                *pos = UINT32_MAX;
                return false;
            }
            f->a++;
        } while (!RE_IN(filter_allows)(code, run[4], text, length, at));
        f->b = *pos = at;
        return true;
    }
    f->b = *pos = at;
    return at != f->a;
}

/* ---- one attempt ---- */

#define NEXT(n)       do { pc += (n); goto *LABELS[*pc]; } while (0)
#define GO(place)     do { pc = code->words + (place); goto *LABELS[*pc]; } while (0)
#define NEED_CHARACTER()      do { if (pos >= length) goto fail; } while (0)
#define NEED_CHARACTER_BACK() do { if (pos == 0) goto fail; } while (0)
#define ALLOWS(filter, at)    RE_IN(filter_allows)(code, (filter), text, length, (at))

/* Steps are counted where a loop of the pattern comes round and where a way fails: code between is finite. */
#define BURN(steps)                                                       \
    do {                                                                  \
        fuel -= (int32_t)(steps);                                         \
        if (UNLIKELY(fuel <= 0) && !matcher_refuel(m, &fuel)) {           \
            return RE_INTERRUPTED;                                        \
        }                                                                 \
    } while (0)

#define PUSH(what_, a_, b_)                                               \
    do {                                                                  \
        if (UNLIKELY(sp == sp_end)) {                                     \
            size_t height = (size_t)(sp - m->frames);                     \
            if (!matcher_grow(m)) return RE_OUT_OF_MEMORY;                \
            sp = m->frames + height;                                      \
            sp_end = m->frames + m->frame_count;                          \
        }                                                                 \
        *sp++ = (ReFrame){ (what_), (a_), (b_) };                         \
    } while (0)

#define SET_REGISTER(r, v)                                                \
    do {                                                                  \
        uint32_t r_ = (r);                                                \
        PUSH(r_ << FRAME_SHIFT | FRAME_UNDO, registers[r_], 0);           \
        registers[r_] = (v);                                              \
    } while (0)

#define PUSH_CHOICE(place) PUSH((uint32_t)(place) << FRAME_SHIFT | FRAME_CHOICE, pos, 0)
#define HERE(n) ((uint32_t)(pc - code->words) + (n))

static ReResult RE_IN(attempt)(ReMatcher *m, uint32_t start)
{
    static const void *const LABELS[] = {
#define RE_OP(name, operands, semantics) &&op_##name,
#include "vm/regexp/re_code.def"
#undef RE_OP
    };
    const ReCode *code = m->code;
    const RE_UNIT *text = m->text.units;
    const uint32_t length = m->text.length;
    uint32_t *registers = m->registers;
    const uint32_t *pc = code->words;
    ReFrame *sp = m->frames, *sp_end = sp + m->frame_count;
    uint32_t pos = start;
    int32_t fuel = m->fuel;
    goto *LABELS[*pc];

fail:
    BURN(1);
    for (;;) {
        if (sp == m->frames) {
            m->fuel = fuel;
            return RE_NO_MATCH;
        }
        ReFrame *top = sp - 1;
        uint32_t kind = top->what & FRAME_KIND;
        if (kind == FRAME_UNDO) {
            registers[top->what >> FRAME_SHIFT] = top->a;
            sp--;
            continue;
        }
        if (kind == FRAME_CHOICE) {
            pos = top->a;
            sp--;
            GO(top->what >> FRAME_SHIFT);
        }
        uint32_t from = top->b, place = (top->what >> FRAME_SHIFT) + RUN_WORDS;
        if (!RE_IN(run_retry)(code, text, length, top, &pos)) sp--;
        if (pos == UINT32_MAX) continue;
        BURN((from > pos ? from - pos : pos - from) >> RUN_SHIFT);
        GO(place);
    }

op_MATCH:
    m->fuel = fuel;
    registers[0] = start;
    registers[1] = pos;
    return RE_MATCH;

op_FAIL:
    goto fail;

op_CHAR: {
    NEED_CHARACTER();
    if (RE_IN(read)(text, length, &pos) != pc[1]) goto fail;
    NEXT(2);
}
op_PAIR: {
    NEED_CHARACTER();
    uint32_t c = RE_IN(read)(text, length, &pos);
    if (c != pc[1] && c != pc[2]) goto fail;
    NEXT(3);
}
op_SET: {
    NEED_CHARACTER();
    if (!RE_IN(set_has)(code, &code->sets[pc[1]], RE_IN(read)(text, length, &pos))) goto fail;
    NEXT(2);
}
op_ANY:
    NEED_CHARACTER();
    (void)RE_IN(read)(text, length, &pos);
    NEXT(1);
op_TEXT: {
    uint32_t count = pc[1];
    if (length - pos < count) goto fail;
    if (UNLIKELY(count >> RUN_SHIFT)) BURN(count >> RUN_SHIFT);
    for (uint32_t i = 0; i < count; i++) {
        NEED_CHARACTER();
        if (RE_IN(read)(text, length, &pos) != pc[2 + i]) goto fail;
    }
    NEXT(2 + count);
}
op_CHAR_BACK:
    NEED_CHARACTER_BACK();
    if (RE_IN(read_back)(text, &pos) != pc[1]) goto fail;
    NEXT(2);
op_PAIR_BACK: {
    NEED_CHARACTER_BACK();
    uint32_t c = RE_IN(read_back)(text, &pos);
    if (c != pc[1] && c != pc[2]) goto fail;
    NEXT(3);
}
op_SET_BACK:
    NEED_CHARACTER_BACK();
    if (!RE_IN(set_has)(code, &code->sets[pc[1]], RE_IN(read_back)(text, &pos))) goto fail;
    NEXT(2);
op_ANY_BACK:
    NEED_CHARACTER_BACK();
    (void)RE_IN(read_back)(text, &pos);
    NEXT(1);

op_TEXT_START:
    if (pos != 0) goto fail;
    NEXT(1);
op_TEXT_END:
    if (pos != length) goto fail;
    NEXT(1);
op_LINE_START:
    if (pos != 0 && !unicode_is_line_terminator(text[pos - 1])) goto fail;
    NEXT(1);
op_LINE_END:
    if (pos != length && !unicode_is_line_terminator(text[pos])) goto fail;
    NEXT(1);
op_WORD_EDGE:
    if (!RE_IN(is_word_edge)(text, length, pos, false)) goto fail;
    NEXT(1);
op_WORD_INSIDE:
    if (RE_IN(is_word_edge)(text, length, pos, false)) goto fail;
    NEXT(1);
op_WORD_EDGE_FOLD:
    if (!RE_IN(is_word_edge)(text, length, pos, true)) goto fail;
    NEXT(1);
op_WORD_INSIDE_FOLD:
    if (RE_IN(is_word_edge)(text, length, pos, true)) goto fail;
    NEXT(1);

op_SAVE:
    SET_REGISTER(pc[1], pos);
    NEXT(2);
op_CLEAR:
    if (UNLIKELY((pc[2] - pc[1]) >> RUN_SHIFT)) BURN((pc[2] - pc[1]) >> RUN_SHIFT);
    for (uint32_t r = pc[1]; r < pc[2]; r++)
        if (registers[r] != RE_UNSET) SET_REGISTER(r, RE_UNSET);
    NEXT(3);
op_BACKREF:
op_BACKREF_BACK: {
    uint32_t first = registers[2 * pc[1]], end = registers[2 * pc[1] + 1], before = pos;
    if (first != RE_UNSET && end != RE_UNSET) {
        bool back = pc[0] == RE_OP_BACKREF_BACK;
        if (!RE_IN(take_again)(text, length, first, end, (ReCompare)pc[2], back, &pos)) goto fail;
        BURN((pos > before ? pos - before : before - pos) >> RUN_SHIFT);
    }
    NEXT(3);
}

op_JUMP:
    BURN(1);
    GO(pc[1]);
op_FORK:
    PUSH_CHOICE(pc[1]);
    NEXT(2);
op_FORK_FAR:
    BURN(1);
    PUSH_CHOICE(HERE(2));
    GO(pc[1]);
op_FORK_IF:
    if (!ALLOWS(pc[2], pos)) {
        if (!ALLOWS(pc[3], pos)) goto fail;
        GO(pc[1]);
    }
    if (ALLOWS(pc[3], pos)) PUSH_CHOICE(pc[1]);
    NEXT(4);
op_FORK_FAR_IF:
    BURN(1);
    if (!ALLOWS(pc[2], pos)) {
        if (!ALLOWS(pc[3], pos)) goto fail;
        NEXT(4);
    }
    if (ALLOWS(pc[3], pos)) PUSH_CHOICE(HERE(4));
    GO(pc[1]);
op_SWITCH: {
    NEED_CHARACTER();
    uint32_t ahead = pos, c = RE_IN(read)(text, length, &ahead), low = 0, high = pc[1];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (pc[2 + 2 * middle] < c) low = middle + 1;
        else high = middle;
    }
    if (low == pc[1] || pc[2 + 2 * low] != c) goto fail;
    GO(pc[3 + 2 * low]);
}

op_RUN:
op_RUN_ALL: {
    uint32_t least = pos, at = RE_IN(run_forward)(code, text, length, pos, pc, &least);
    if (at == UINT32_MAX) goto fail;
    BURN((at - pos) >> RUN_SHIFT);
    pos = at;
    if (pc[0] == RE_OP_RUN && at > least) PUSH(HERE(0) << FRAME_SHIFT | FRAME_RUN, least, at);
    NEXT(RUN_WORDS);
}
op_RUN_BACK: {
    uint32_t least = pos, at = RE_IN(run_back)(code, text, pos, pc, &least);
    if (at == UINT32_MAX) goto fail;
    BURN((pos - at) >> RUN_SHIFT);
    pos = at;
    if (at < least) PUSH(HERE(0) << FRAME_SHIFT | FRAME_RUN, least, at);
    NEXT(RUN_WORDS);
}
op_RUN_LAZY:
op_RUN_LAZY_BACK: {
    bool back = pc[0] == RE_OP_RUN_LAZY_BACK;
    uint32_t at = RE_IN(run_exactly)(code, text, length, pos, &code->sets[pc[1]], pc[2], back);
    if (at == UINT32_MAX) goto fail;
    BURN((at > pos ? at - pos : pos - at) >> RUN_SHIFT);
    pos = at;
    if (pc[3] > pc[2]) PUSH(HERE(0) << FRAME_SHIFT | FRAME_RUN, pc[2], at);
    NEXT(RUN_WORDS);
}

op_ZERO:
    SET_REGISTER(pc[1], 0);
    NEXT(2);
op_LOOP:
op_LOOP_LAZY: {
    uint32_t count = registers[pc[1]];
    if (count < pc[2]) NEXT(5);
    if (count == pc[3]) GO(pc[4]);
    if (pc[0] == RE_OP_LOOP) {
        PUSH_CHOICE(pc[4]);
        NEXT(5);
    }
    PUSH_CHOICE(HERE(5));
    GO(pc[4]);
}
op_NEXT:
    BURN(1);
    if (registers[pc[1]] < RE_UNBOUNDED - 1) SET_REGISTER(pc[1], registers[pc[1]] + 1);
    GO(pc[2]);
op_MARK:
    SET_REGISTER(pc[1], pos);
    NEXT(2);
op_MOVED:
    if (registers[pc[1]] == pos) goto fail;
    NEXT(2);
op_MOVED_BEYOND:
    if (registers[pc[1]] == pos && registers[pc[2]] >= pc[3]) goto fail;
    NEXT(4);

op_LOOK:
    registers[pc[1]] = (uint32_t)(sp - m->frames);
    registers[pc[1] + 1] = pos;
    NEXT(2);
op_LOOK_END:
    sp = m->frames + registers[pc[1]];
    pos = registers[pc[1] + 1];
    NEXT(2);
op_LOOK_END_KEEP: {
    ReFrame *kept = m->frames + registers[pc[1]];
    for (const ReFrame *f = kept; f < sp; f++)
        if ((f->what & FRAME_KIND) == FRAME_UNDO) *kept++ = *f;
    sp = kept;
    pos = registers[pc[1] + 1];
    NEXT(2);
}
op_NOT_LOOK:
    registers[pc[1]] = (uint32_t)(sp - m->frames);
    PUSH_CHOICE(pc[2]);
    NEXT(3);
op_NOT_LOOK_END:
    for (const ReFrame *base = m->frames + registers[pc[1]]; sp > base; sp--)
        if ((sp[-1].what & FRAME_KIND) == FRAME_UNDO) registers[sp[-1].what >> FRAME_SHIFT] = sp[-1].a;
    goto fail;
}

/* ---- the search ---- */

/* The next place at or after `pos` where an attempt is worth making; UINT32_MAX when there is none. */
static uint32_t RE_IN(next_start)(const ReMatcher *m, uint32_t pos)
{
    const ReCode *code = m->code;
    const RE_UNIT *text = m->text.units;
    const uint32_t length = m->text.length;
    for (;; pos++) {
        if (pos > length || length - pos < code->min_length) return UINT32_MAX;
        if (code->prefix_count && sizeof(RE_UNIT) == 1) {
            const uint8_t *found = NULL;
            if (code->prefix8) found = memmem(text + pos, length - pos, code->prefix8, code->prefix_count);
            return found ? (uint32_t)(found - (const uint8_t *)text) : UINT32_MAX;
        }
        if (code->prefix_count) {
            uint16_t first[2];
            utf_encode_utf16(code->prefix[0], first);
            while (pos < length && text[pos] != first[0]) pos++;
        } else if (code->start_filter != RE_NO_FILTER) {
            const ReFilter filter = code->filters[code->start_filter];
            for (; pos < length; pos++) {
                uint32_t unit = text[pos];
                bool is_wide = sizeof(RE_UNIT) > 1 && unit > 0xff;
                if (is_wide ? filter.has_wide : re_code_bit(filter.latin1, unit)) break;
            }
        }
        if (length - pos < code->min_length) return UINT32_MAX;
        bool splits_pair = RE_CODE_POINTS && pos > 0 && pos < length && utf_is_trail_surrogate(text[pos]) &&
                           utf_is_lead_surrogate(text[pos - 1]);
        if (!splits_pair) return pos;
    }
}

/* Behind a failed attempt at `pos`: the next character, or where the run that begins the pattern ends. */
static uint32_t RE_IN(after_failure)(const ReMatcher *m, uint32_t pos)
{
    const ReCode *code = m->code;
    const RE_UNIT *text = m->text.units;
    const uint32_t length = m->text.length;
    if (pos >= length) return pos + 1;
    uint32_t c = RE_IN(read)(text, length, &pos);
    if (code->start_run == RE_NO_FILTER) return pos;
    const ReCharSet *set = &code->sets[code->start_run];
    while (RE_IN(set_has)(code, set, c) && pos < length) {
        uint32_t behind = pos;
        c = RE_IN(read)(text, length, &behind);
        if (!RE_IN(set_has)(code, set, c)) break;
        pos = behind;
    }
    return pos;
}

static ReResult RE_IN(search)(ReMatcher *m, uint32_t start, bool is_sticky)
{
    const ReCode *code = m->code;
    if (is_sticky) return RE_IN(attempt)(m, start);
    if (code->is_anchored) return start == 0 ? RE_IN(attempt)(m, 0) : RE_NO_MATCH;
    for (uint32_t pos = start;;) {
        uint32_t from = pos;
        pos = RE_IN(next_start)(m, pos);
        if (pos == UINT32_MAX) return RE_NO_MATCH;
        m->fuel -= (int32_t)((pos - from) >> RUN_SHIFT);
        ReResult result = RE_IN(attempt)(m, pos);
        if (result != RE_NO_MATCH) return result;
        pos = RE_IN(after_failure)(m, pos);
    }
}

#undef NEXT
#undef GO
#undef NEED_CHARACTER
#undef NEED_CHARACTER_BACK
#undef ALLOWS
#undef BURN
#undef PUSH
#undef SET_REGISTER
#undef PUSH_CHOICE
#undef HERE
