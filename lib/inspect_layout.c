/* SPDX-License-Identifier: MIT */
/* How the lines of an object's text are laid out: all on one line, in columns, or one below the other. */
#include "lib/inspect_int.h"
#include "vm/base/unicode.h"
#include "vm/base/utf.h"

enum {
    GROUP_LEAST = 7,                     // shorter arrays are not put into columns
    GROUP_MOST_COLUMNS = 15,
    LINE_RESERVE = 10,                   // columns that an object on one line leaves free
    SEPARATOR_WIDTH = 2,
};

/* ---- width ------------------------------------------------------------------------------------------------------- */

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

static bool layout_is_in(const CodeRange *ranges, size_t count, uint32_t c)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > ranges[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < count && c >= ranges[low].first;
}

/* Columns of a character on a terminal: East Asian wide and emoji take two, marks and controls none. */
static uint32_t layout_width_of(uint32_t c)
{
    static const CodeRange none[] = {
        { 0x0, 0x1f }, { 0x7f, 0x9f }, { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd }, { 0x610, 0x61a }, { 0x64b, 0x65f },
        { 0x900, 0x902 }, { 0xe31, 0xe31 }, { 0xe34, 0xe3a }, { 0xe47, 0xe4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
        { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x2064 }, { 0x20d0, 0x20ff }, { 0x302a, 0x302d }, { 0x3099, 0x309a },
        { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef },
    };
    static const CodeRange wide[] = {
        { 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x2329, 0x232a }, { 0x23e9, 0x23ec }, { 0x23f0, 0x23f0 }, { 0x23f3, 0x23f3 },
        { 0x25fd, 0x25fe }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x267f, 0x267f }, { 0x2693, 0x2693 }, { 0x26a1, 0x26a1 },
        { 0x26aa, 0x26ab }, { 0x26bd, 0x26be }, { 0x26c4, 0x26c5 }, { 0x26ce, 0x26ce }, { 0x26d4, 0x26d4 }, { 0x26ea, 0x26ea },
        { 0x26f2, 0x26f3 }, { 0x26f5, 0x26f5 }, { 0x26fa, 0x26fa }, { 0x26fd, 0x26fd }, { 0x2705, 0x2705 }, { 0x270a, 0x270b },
        { 0x2728, 0x2728 }, { 0x274c, 0x274c }, { 0x274e, 0x274e }, { 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
        { 0x27b0, 0x27b0 }, { 0x27bf, 0x27bf }, { 0x2b1b, 0x2b1c }, { 0x2b50, 0x2b50 }, { 0x2b55, 0x2b55 }, { 0x2e80, 0x303e },
        { 0x3041, 0x3247 }, { 0x3250, 0x4dbf }, { 0x4e00, 0xa4c6 }, { 0xa960, 0xa97c }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
        { 0xfe10, 0xfe19 }, { 0xfe30, 0xfe6b }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x16fe0, 0x18cff }, { 0x1b000, 0x1b2fb },
        { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e }, { 0x1f191, 0x1f19a }, { 0x1f1e6, 0x1f202 },
        { 0x1f210, 0x1f23b }, { 0x1f240, 0x1f248 }, { 0x1f250, 0x1f251 }, { 0x1f260, 0x1f265 }, { 0x1f300, 0x1f320 },
        { 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 }, { 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 },
        { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e }, { 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc },
        { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 }, { 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 },
        { 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 }, { 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 },
        { 0x1f6d5, 0x1f6d7 }, { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc }, { 0x1f7e0, 0x1f7eb }, { 0x1f90c, 0x1f93a },
        { 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff }, { 0x20000, 0x3fffd },
    };
    if (c < 0x300) return c >= 0x20 && (c < 0x7f || c >= 0xa0);
    if (layout_is_in(none, COUNT_OF(none), c)) return 0;
    return layout_is_in(wide, COUNT_OF(wide), c) ? 2 : 1;
}

uint32_t inspect_width(LocalHeap *h, Value text)
{
    StringView v = string_view(h, string_of(text));
    uint32_t width = 0;
    for (size_t i = 0; i < v.length;) {
        uint32_t c = v.is_wide ? utf_decode_utf16(v.units, v.length, &i) : string_view_unit(v, i++);
        width += layout_width_of(c);
    }
    return width;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

typedef struct Columns {
    uint32_t count;
    uint32_t width[GROUP_MOST_COLUMNS];
    bool     pads_before;                // numbers are flush right
} Columns;

static uint32_t layout_line_length(const ValueList *lines, uint32_t i)
{
    return string_of(lines->items[i])->length;
}

/* How many columns look best; the text should be about square, a character being 2.5 times as high as wide. */
static uint32_t layout_choose_columns(const Inspector *n, uint32_t widest, uint32_t total, uint32_t entries, uint32_t all)
{
    uint32_t column = widest + SEPARATOR_WIDTH;
    if (column * 3 + n->indentation >= n->options.break_columns) return 1;
    if (!((double)total / column > 5 || widest <= 6)) return 1;
    double bias = sqrt(column - (double)total / all);
    double biased = column - 3 - bias > 1 ? column - 3 - bias : 1;
    double columns = floor(sqrt(2.5 * biased * entries) / biased + 0.5);
    double most = (n->options.break_columns - n->indentation) / column;
    if (columns > most) columns = most;
    if (columns > n->options.compact * 4) columns = n->options.compact * 4;
    return columns > GROUP_MOST_COLUMNS ? GROUP_MOST_COLUMNS : (uint32_t)columns;
}

static bool layout_are_numbers(Inspector *n, Object *o, uint32_t count, bool *result)
{
    for (uint32_t i = 0; i < count; i++) {
        Value v = TRY_BOOL(object_get(n->g, o, key_from_index(i)));
        *result = value_is_number(v) || value_is_bigint(v);
        if (!*result) return true;
    }
    return true;
}

static void layout_pad(StringBuilder *b, uint32_t width)
{
    while (width-- > 0) string_builder_put_unit(b, ' ');
}

/* One row: entries [start, end). */
static Value layout_row(Inspector *n, const ValueList *lines, const ValueList *widths, uint32_t start, uint32_t end, const Columns *columns)
{
    StringBuilder b;
    string_builder_init(&b);
    for (uint32_t i = start; i < end; i++) {
        bool last = i + 1 == end;
        uint32_t used = (uint32_t)value_int(widths->items[i]) + SEPARATOR_WIDTH, pad = columns->width[i - start] - used;
        if (columns->pads_before) layout_pad(&b, pad);
        string_builder_put_string(n->h, &b, string_of(lines->items[i]));
        if (!last) string_builder_put_text(&b, ", ");
        if (!last && !columns->pads_before) layout_pad(&b, pad);
    }
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}

static void layout_measure(const ValueList *widths, uint32_t entries, Columns *columns)
{
    for (uint32_t i = 0; i < columns->count; i++) {
        uint32_t widest = 0;
        for (uint32_t k = i; k < entries; k += columns->count)
            if ((uint32_t)value_int(widths->items[k]) > widest) widest = (uint32_t)value_int(widths->items[k]);
        columns->width[i] = widest + SEPARATOR_WIDTH;
    }
}

/* Rows of several entries instead of `*lines`, if that looks good. */
static bool layout_group(Inspector *n, ValueList **lines, Object *o)
{
    ValueList *old = *lines, *widths = list_new(n->h, old->count), *rows = list_new(n->h, 16);
    bool has_trailer = n->options.array_most < old->count;
    uint32_t entries = old->count - has_trailer, widest = 0, total = 0;
    Columns columns = { 0 };
    for (uint32_t i = 0; i < entries; i++) {
        uint32_t width = inspect_width(n->h, old->items[i]);
        list_push(n->h, &widths, value_from_int((int32_t)width));
        total += width + SEPARATOR_WIDTH;
        if (width > widest) widest = width;
    }
    columns.count = layout_choose_columns(n, widest, total, entries, old->count);
    if (columns.count <= 1) return true;
    layout_measure(widths, entries, &columns);
    OK_BOOL(layout_are_numbers(n, o, old->count, &columns.pads_before));
    for (uint32_t i = 0; i < entries; i += columns.count) {
        uint32_t end = entries - i < columns.count ? entries : i + columns.count;
        list_push(n->h, &rows, TRY_BOOL(layout_row(n, old, widths, i, end, &columns)));
    }
    if (has_trailer) list_push(n->h, &rows, old->items[entries]);
    *lines = rows;
    return true;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static bool layout_fits_line(Inspector *n, const ValueList *lines, const Subject *s)
{
    uint64_t most = n->options.break_columns;
    uint64_t total = 2 * (uint64_t)lines->count + n->indentation + string_of(s->open)->length + string_of(s->base)->length + LINE_RESERVE;
    if (total + lines->count > most) return false;
    for (uint32_t i = 0; i < lines->count; i++) {
        total += layout_line_length(lines, i);
        if (total > most || inspect_contains(n->h, lines->items[i], "\n")) return false;
    }
    return !inspect_contains(n->h, s->base, "\n");
}

static void layout_indent(const Inspector *n, StringBuilder *b, uint32_t more)
{
    string_builder_put_unit(b, '\n');
    layout_pad(b, n->indentation + more);
}

Value inspect_lay_out(Inspector *n, ValueList *lines, const Subject *s, int32_t depth)
{
    StringBuilder b;
    uint32_t entries = lines->count;
    bool one_line = false;
    if (n->options.compact >= 1) {
        if (s->is_list && entries >= GROUP_LEAST && s->o) OK(layout_group(n, &lines, s->o));
        one_line = n->innermost - depth < (int32_t)n->options.compact && entries == lines->count && layout_fits_line(n, lines, s);
    }
    string_builder_init(&b);
    if (!inspect_is_empty(s->base)) {
        string_builder_put_string(n->h, &b, string_of(s->base));
        string_builder_put_unit(&b, ' ');
    }
    string_builder_put_string(n->h, &b, string_of(s->open));
    for (uint32_t i = 0; i < lines->count; i++) {
        if (i) string_builder_put_unit(&b, ',');
        if (one_line) string_builder_put_unit(&b, ' ');
        else layout_indent(n, &b, 2);
        string_builder_put_string(n->h, &b, string_of(lines->items[i]));
    }
    if (one_line) string_builder_put_unit(&b, ' ');
    else layout_indent(n, &b, 0);
    string_builder_put_text(&b, s->close);
    return error_string_or_throw(n->g, string_builder_end(n->h, &b));
}
