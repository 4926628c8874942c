/* SPDX-License-Identifier: MIT */
#include "compiler/lexer.h"

#include "vm/base/assert.h"
#include "vm/base/unicode.h"
#include "vm/base/utf.h"

enum { START = 1, PART = 2, DIGIT = 4, PLAIN_STRING = 8, PLAIN_TEMPLATE = 16 };

/* What an ASCII byte may be: begin or continue an identifier, a digit, stand for itself in a string. */
static const uint8_t classes[256] = {
    [' ' ... '!'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['"'] = PLAIN_TEMPLATE,
    ['#'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['$'] = START | PART | PLAIN_STRING,
    ['%' ... '&'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['\''] = PLAIN_TEMPLATE,
    ['(' ... '/'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['0' ... '9'] = PART | DIGIT | PLAIN_STRING | PLAIN_TEMPLATE,
    [':' ... '@'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['A' ... 'Z'] = START | PART | PLAIN_STRING | PLAIN_TEMPLATE,
    ['['] = PLAIN_STRING | PLAIN_TEMPLATE,
    [']' ... '^'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['_'] = START | PART | PLAIN_STRING | PLAIN_TEMPLATE,
    ['`'] = PLAIN_STRING,
    ['a' ... 'z'] = START | PART | PLAIN_STRING | PLAIN_TEMPLATE,
    ['{' ... '~'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['\t'] = PLAIN_STRING | PLAIN_TEMPLATE,
    ['\n'] = PLAIN_TEMPLATE,
};

void lexer_init(Lexer *l, const Source *source, Names *names, Diag *diag, Arena *arena,
                bool has_html_comments)
{
    *l = (Lexer){
        .text = source->bytes, .end = source->bytes + source->size_bytes,
        .cursor = source->bytes + source->text_start, .first = source->bytes + source->text_start,
        .cut_short_at = UINT32_MAX, .has_html_comments = has_html_comments,
        .names = names, .diag = diag, .scratch.arena = arena,
    };
    CHECK(*l->end == 0, "source I1: the byte behind the text ends every scan");
}

static uint32_t offset_of(const Lexer *l, const uint8_t *p)
{
    return (uint32_t)(p - l->text);
}

/* Report `code` for from..to and make the token an error that ends at the cursor. */
static void lexer_fail(Lexer *l, Token *t, DiagCode code, const uint8_t *from, const uint8_t *to)
{
    t->kind = TOKEN_ERROR;
    diag_report(l->diag, code, offset_of(l, from), offset_of(l, to));
}

static void clear_scratch(Lexer *l)
{
    l->scratch.units.count = 0;
}

static Name *intern_scratch(Lexer *l)
{
    return names_intern_utf16(l->names, l->scratch.units.items, l->scratch.units.count);
}

/* ---- blanks and comments ------------------------------------------------------------------------------- */

static bool is_line_separator(const uint8_t *p)  // U+2028, U+2029
{
    return p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9);
}

static const uint8_t *skip_line(const Lexer *l, const uint8_t *p)
{
    while (p < l->end && *p != '\n' && *p != '\r' && !is_line_separator(p)) p++;
    return p;
}

/* Behind the comment that starts at `p`; NULL when it does not end. */
static const uint8_t *skip_block_comment(const Lexer *l, const uint8_t *p, bool *has_newline)
{
    for (p += 2; p < l->end; p++) {
        if (*p == '*' && p[1] == '/') return p + 2;
        if (*p == '\n' || *p == '\r' || is_line_separator(p)) *has_newline = true;
    }
    return NULL;
}

/* Is `p` at a comment to the end of the line in the manner of HTML? */
static bool is_html_comment(const Lexer *l, const uint8_t *p, bool at_line_start)
{
    if (!l->has_html_comments) return false;
    if (*p == '<') return p[1] == '!' && p[2] == '-' && p[3] == '-';
    return at_line_start && p[1] == '-' && p[2] == '>';
}

/* Blanks that are not ASCII: returns behind the one at `p`, or `p` when there is none. */
static const uint8_t *skip_wide_blank(const uint8_t *p, bool *has_newline)
{
    const uint8_t *next = p;
    uint32_t c = source_decode(&next);
    if (unicode_is_line_terminator(c)) *has_newline = true;
    else if (!unicode_is_white_space(c)) return p;
    return next;
}

/* Move to the first byte of a token. False when a comment does not end. */
static bool skip_blanks(Lexer *l, Token *t)
{
    const uint8_t *p = l->cursor, *next;
    bool is_line_start = p == l->first;
    bool has_newline = false;
    if (is_line_start && p[0] == '#' && p[1] == '!') p = skip_line(l, p);
    for (;;) {
        switch (*p) {
        case ' ': case '\t': case '\v': case '\f':
            p++;
            continue;
        case '\n': case '\r':
            has_newline = true;
            p++;
            continue;
        case '/':
            if (p[1] == '/') {
                p = skip_line(l, p);
                continue;
            }
            if (p[1] != '*') break;
            next = skip_block_comment(l, p, &has_newline);
            if (!next) {
                l->cursor = l->end;
                t->start = l->cut_short_at = offset_of(l, p);
                lexer_fail(l, t, DIAG_UNTERMINATED_COMMENT, p, p + 2);
                return false;
            }
            p = next;
            continue;
        case '<': case '-':
            if (!is_html_comment(l, p, is_line_start || has_newline)) break;
            p = skip_line(l, p);
            continue;
        default:
            if (*p < 0x80) break;
            next = skip_wide_blank(p, &has_newline);
            if (next == p) break;
            p = next;
            continue;
        }
        break;
    }
    l->cursor = p;
    t->newline_before = has_newline;
    return true;
}

/* ---- identifiers --------------------------------------------------------------------------------------- */

/* The code point of an identifier at `p`, plain or `\u` escaped; UTF_INVALID when it is neither. */
static uint32_t identifier_character(Lexer *l, const uint8_t **p, Token *t)
{
    const uint8_t *here = *p;
    if (*here != '\\') return here < l->end ? source_decode(p) : UTF_INVALID;
    t->flags |= FLAG_HAS_ESCAPE;
    LiteralFault fault = LITERAL_BAD_UNICODE_ESCAPE;
    *p = here + 1;
    if (here[1] != 'u') return UTF_INVALID;
    ++*p;
    return literal_unicode_escape(p, l->end, &fault);
}

/* An identifier with escapes or beyond ASCII: collects it from `p` into the scratch text.
 * False (and reported) when an escape is wrong, or when there is no identifier at all. */
static bool scan_wide_identifier(Lexer *l, Token *t, const uint8_t *p)
{
    clear_scratch(l);
    for (bool is_first = true;; is_first = false) {
        const uint8_t *here = p;
        if (!(classes[*p] & PART) && *p != '\\' && *p < 0x80) break;
        uint32_t c = identifier_character(l, &p, t);
        bool fits = c != UTF_INVALID
            && (is_first ? unicode_is_identifier_start(c) : unicode_is_identifier_part(c));
        if (!fits && (*here == '\\' || is_first)) {
            if (p == here) p++;
            l->cursor = p;
            DiagCode code = *here == '\\' ? DIAG_BAD_IDENTIFIER_ESCAPE : DIAG_BAD_CHARACTER;
            lexer_fail(l, t, code, here, p);
            return false;
        }
        if (!fits) {
            p = here;
            break;
        }
        literal_put(&l->scratch, c);
    }
    l->cursor = p;
    return true;
}

/* A word from the cursor on. */
static void scan_identifier(Lexer *l, Token *t)
{
    const uint8_t *start = l->cursor, *p = start;
    while (classes[*p] & PART) p++;
    if (LIKELY(*p < 0x80 && *p != '\\' && p > start)) {
        l->cursor = p;
        t->name = names_intern_latin1(l->names, start, (uint32_t)(p - start));
    } else {
        if (!scan_wide_identifier(l, t, start)) return;
        t->name = intern_scratch(l);
    }
    bool is_reserved = names_is_reserved(t->name) && !(t->flags & FLAG_HAS_ESCAPE);
    t->kind = is_reserved ? (uint8_t)(TOKEN_BREAK + t->name->word - WORD_BREAK) : TOKEN_IDENTIFIER;
}

static void scan_private_name(Lexer *l, Token *t)
{
    const uint8_t *hash = l->cursor++;
    if (!(classes[*l->cursor] & START) && *l->cursor != '\\' && *l->cursor < 0x80) {
        lexer_fail(l, t, DIAG_BAD_PRIVATE_NAME, hash, hash + 1);
        return;
    }
    scan_identifier(l, t);
    if (t->kind != TOKEN_ERROR) t->kind = TOKEN_PRIVATE_NAME;
}

/* ---- numbers ------------------------------------------------------------------------------------------- */

static bool is_digit_of(uint8_t c, unsigned base)
{
    return literal_hex_digit(c) < base;
}

/* Skip digits with separators between them. False (and reported) when a separator is out of place. */
static bool skip_digits(Lexer *l, Token *t, unsigned base, bool allows_separators)
{
    const uint8_t *p = l->cursor;
    while (is_digit_of(*p, base) || *p == '_') {
        if (*p == '_'
            && (!allows_separators || p == l->cursor || !is_digit_of(p[-1], base)
                || !is_digit_of(p[1], base))) {
            l->cursor = p + 1;
            lexer_fail(l, t, DIAG_BAD_NUMERIC_SEPARATOR, p, p + 1);
            return false;
        }
        p++;
    }
    l->cursor = p;
    return true;
}

/* After a number, neither a digit nor the start of an identifier may follow. */
static void check_number_end(Lexer *l, Token *t)
{
    const uint8_t *p = l->cursor, *next = p;
    bool is_bad = classes[*p] & PART || *p == '\\';
    if (*p >= 0x80 && p < l->end) is_bad = unicode_is_identifier_start(source_decode(&next));
    if (!is_bad) return;
    while (classes[*p] & PART) p++;
    if (p == l->cursor) p = next > p ? next : p + 1;
    lexer_fail(l, t, DIAG_IDENTIFIER_AFTER_NUMBER, l->cursor, p);
    l->cursor = p;
}

static void make_bigint(Lexer *l, Token *t, const uint8_t *start)
{
    clear_scratch(l);
    for (const uint8_t *p = start; p < l->cursor; p++)
        if (*p != '_') literal_put(&l->scratch, *p);
    t->kind = TOKEN_BIGINT;
    t->name = intern_scratch(l);
    l->cursor++;
}

/* 0x 0o 0b */
static void scan_binary_number(Lexer *l, Token *t, unsigned bits_per_digit)
{
    const uint8_t *start = l->cursor;
    l->cursor += 2;
    if (!is_digit_of(*l->cursor, 1u << bits_per_digit) && *l->cursor != '_') {
        lexer_fail(l, t, DIAG_MISSING_DIGITS, start, l->cursor);
        return;
    }
    if (!skip_digits(l, t, 1u << bits_per_digit, true)) return;
    if (*l->cursor == 'n') {
        make_bigint(l, t, start);
    } else {
        t->kind = TOKEN_NUMBER;
        t->number = literal_binary(start + 2, (size_t)(l->cursor - start - 2), bits_per_digit);
    }
    check_number_end(l, t);
}

/* 017 and 089: `0` before another digit. True when that was all; 08.5 and 09e1 go on as decimals. */
static bool scan_legacy_number(Lexer *l, Token *t)
{
    const uint8_t *start = l->cursor;
    t->flags |= FLAG_LEGACY_OCTAL;
    if (!skip_digits(l, t, 10, false)) return true;
    bool is_octal = true;
    for (const uint8_t *p = start; p < l->cursor; p++) is_octal &= *p < '8';
    if (!is_octal) return false;
    t->kind = TOKEN_NUMBER;
    t->number = literal_binary(start, (size_t)(l->cursor - start), 3);
    check_number_end(l, t);
    return true;
}

/* The fraction and exponent behind the integer digits. False when reported. */
static bool skip_fraction(Lexer *l, Token *t)
{
    if (*l->cursor == '.') {
        l->cursor++;
        if (!skip_digits(l, t, 10, true)) return false;
    }
    if ((*l->cursor | 0x20) == 'e') {
        const uint8_t *e = l->cursor++;
        if (*l->cursor == '+' || *l->cursor == '-') l->cursor++;
        if (!(classes[*l->cursor] & DIGIT)) {
            lexer_fail(l, t, DIAG_MISSING_EXPONENT, e, l->cursor);
            return false;
        }
        return skip_digits(l, t, 10, true);
    }
    return true;
}

static void scan_number(Lexer *l, Token *t)
{
    const uint8_t *start = l->cursor;
    if (*start == '0') {
        uint8_t letter = start[1] | 0x20;
        unsigned bits = letter == 'x' ? 4 : letter == 'o' ? 3 : letter == 'b' ? 1 : 0;
        if (bits) {
            scan_binary_number(l, t, bits);
            return;
        }
        if (classes[start[1]] & DIGIT && scan_legacy_number(l, t)) return;
        if (start[1] == '_') {
            l->cursor += 2;
            lexer_fail(l, t, DIAG_BAD_NUMERIC_SEPARATOR, start + 1, start + 2);
            return;
        }
    }
    if (l->cursor == start && !skip_digits(l, t, 10, true)) return;
    if (*l->cursor == 'n' && !(t->flags & FLAG_LEGACY_OCTAL)) {
        make_bigint(l, t, start);
    } else {
        if (!skip_fraction(l, t)) return;
        t->kind = TOKEN_NUMBER;
        t->number = literal_decimal(start, (size_t)(l->cursor - start));
    }
    check_number_end(l, t);
}

/* ---- strings and templates ----------------------------------------------------------------------------- */

static DiagCode fault_code(LiteralFault fault)
{
    switch (fault) {
    case LITERAL_BAD_HEX_ESCAPE:     return DIAG_BAD_HEX_ESCAPE;
    case LITERAL_BAD_CODE_POINT:     return DIAG_BAD_CODE_POINT;
    case LITERAL_OCTAL_IN_TEMPLATE:  return DIAG_OCTAL_IN_TEMPLATE;
    default:                         return DIAG_BAD_UNICODE_ESCAPE;
    }
}

/* The closing quote of the string that starts at `start`; NULL when the line or the input ends first. */
static const uint8_t *find_quote(Lexer *l, const uint8_t *start, uint8_t quote, bool *is_plain)
{
    *is_plain = true;
    for (const uint8_t *p = start + 1;; p++) {
        while (classes[*p] & PLAIN_STRING) p++;
        if (*p == quote) return p;
        if (*p == '"' || *p == '\'') continue;
        if (*p == '\n' || *p == '\r') return NULL;
        if (p >= l->end) {                       // behind a continued line more may come
            if (p[-1] == '\n' || p[-1] == '\r') l->cut_short_at = offset_of(l, start);
            return NULL;
        }
        *is_plain = false;                       // an escape, or not ASCII
        if (*p != '\\') continue;
        p++;
        if (*p == '\r' && p[1] == '\n') p++;
        if (p >= l->end) {
            l->cut_short_at = offset_of(l, start);
            return NULL;
        }
    }
}

static void scan_string(Lexer *l, Token *t)
{
    const uint8_t *start = l->cursor + 1;
    bool is_plain;
    const uint8_t *quote = find_quote(l, l->cursor, l->cursor[0], &is_plain);
    if (!quote) {
        const uint8_t *line_end = skip_line(l, start);
        lexer_fail(l, t, DIAG_UNTERMINATED_STRING, l->cursor, line_end);
        l->cursor = line_end;
        return;
    }
    l->cursor = quote + 1;
    t->kind = TOKEN_STRING;
    if (is_plain) {
        t->name = names_intern_latin1(l->names, start, (uint32_t)(quote - start));
        return;
    }
    clear_scratch(l);
    LiteralCooked cooked = literal_cook_string(start, quote, &l->scratch);
    if (cooked.has_escape) t->flags |= FLAG_HAS_ESCAPE;
    if (cooked.has_octal) t->flags |= FLAG_LEGACY_OCTAL;
    if (cooked.fault) lexer_fail(l, t, fault_code(cooked.fault), cooked.fault_at, cooked.fault_at + 2);
    else t->name = intern_scratch(l);
}

/* Where template characters from `p` end: at "`" or "${"; NULL when the input ends first. */
static const uint8_t *find_template_end(const Lexer *l, const uint8_t *p, bool *is_plain)
{
    *is_plain = true;
    for (;; p++) {
        while (classes[*p] & PLAIN_TEMPLATE) p++;
        if (*p == '`' || (*p == '$' && p[1] == '{')) return p;
        if (p >= l->end) return NULL;
        if (*p == '$') continue;
        *is_plain = false;
        if (*p == '\\' && ++p >= l->end) return NULL;
    }
}

/* Template characters from the cursor, which is at "`" or "}". */
static void scan_template(Lexer *l, Token *t)
{
    const uint8_t *start = l->cursor + 1;
    bool is_plain;
    const uint8_t *stop = find_template_end(l, start, &is_plain);
    if (!stop) {
        l->cut_short_at = offset_of(l, l->cursor);
        lexer_fail(l, t, DIAG_UNTERMINATED_TEMPLATE, l->cursor, start);
        l->cursor = l->end;
        return;
    }
    t->kind = TOKEN_TEMPLATE;
    t->is_tail = *stop == '`';
    l->cursor = stop + (t->is_tail ? 1 : 2);
    if (is_plain) {
        t->name = t->raw = names_intern_latin1(l->names, start, (uint32_t)(stop - start));
        return;
    }
    clear_scratch(l);
    LiteralCooked cooked = literal_cook_template(start, stop, &l->scratch);
    t->name = cooked.fault ? NULL : intern_scratch(l);
    if (cooked.fault) {
        t->fault = fault_code(cooked.fault);
        t->fault_at = offset_of(l, cooked.fault_at);
    }
    clear_scratch(l);
    literal_raw_template(start, stop, &l->scratch);
    t->raw = intern_scratch(l);
}

void lexer_read_template(Lexer *l, Token *t)
{
    ASSERT(t->kind == TOKEN_RIGHT_BRACE, "I2");
    l->cursor = l->text + t->start;
    t->flags = 0;
    scan_template(l, t);
    t->end = offset_of(l, l->cursor);
}

/* ---- regular expressions ------------------------------------------------------------------------------- */

/* The closing `/` of the pattern that starts at `p`, or NULL. */
static const uint8_t *find_pattern_end(const Lexer *l, const uint8_t *p)
{
    bool in_class = false;
    for (; p < l->end; p++) {
        if (*p == '\n' || *p == '\r' || is_line_separator(p)) return NULL;
        if (*p == '\\') {
            p++;
            if (p >= l->end || *p == '\n' || *p == '\r' || is_line_separator(p)) return NULL;
        } else if (*p == '[') {
            in_class = true;
        } else if (*p == ']') {
            in_class = false;
        } else if (*p == '/' && !in_class) {
            return p;
        }
    }
    return NULL;
}

static Name *intern_source(Lexer *l, const uint8_t *from, const uint8_t *to)
{
    if (utf_count_ascii_prefix(from, (size_t)(to - from)) == (size_t)(to - from))
        return names_intern_latin1(l->names, from, (uint32_t)(to - from));
    clear_scratch(l);
    while (from < to) literal_put(&l->scratch, source_decode(&from));
    return intern_scratch(l);
}

void lexer_read_regexp(Lexer *l, Token *t)
{
    ASSERT(t->kind == TOKEN_SLASH || t->kind == TOKEN_SLASH_ASSIGN, "I2");
    const uint8_t *start = l->text + t->start + 1;
    const uint8_t *stop = find_pattern_end(l, start);
    t->flags = 0;
    if (!stop) {
        l->cursor = skip_line(l, start);
        lexer_fail(l, t, DIAG_UNTERMINATED_REGEXP, start - 1, l->cursor);
        t->end = offset_of(l, l->cursor);
        return;
    }
    t->kind = TOKEN_REGEXP;
    t->name = intern_source(l, start, stop);
    const uint8_t *flags = stop + 1;
    l->cursor = flags;
    if (classes[*flags] & PART || *flags == '\\' || (*flags >= 0x80 && flags < l->end)) {
        const uint8_t *p = flags, *next = p;
        while (classes[*p] & PART || *p == '\\'
               || (*p >= 0x80 && p < l->end && unicode_is_identifier_part(source_decode(&next)))) {
            p = *p < 0x80 ? p + 1 : next;
            next = p;
        }
        l->cursor = p;
    }
    t->raw = intern_source(l, flags, l->cursor);
    t->end = offset_of(l, l->cursor);
}

/* ---- punctuators and dispatch -------------------------------------------------------------------------- */

/* `ch`, or `ch` + `=` */
#define ONE_OR_ASSIGN(plain) (p[1] == '=' ? (*length = 2, TOKEN_##plain##_ASSIGN) : TOKEN_##plain)

/* The punctuator at `p` and its length; TOKEN_ERROR when there is none. */
static TokenKind read_punctuator(const uint8_t *p, uint32_t *length)
{
    *length = 1;
    switch (*p) {
    case '{': return TOKEN_LEFT_BRACE;
    case '}': return TOKEN_RIGHT_BRACE;
    case '(': return TOKEN_LEFT_PAREN;
    case ')': return TOKEN_RIGHT_PAREN;
    case '[': return TOKEN_LEFT_BRACKET;
    case ']': return TOKEN_RIGHT_BRACKET;
    case ';': return TOKEN_SEMICOLON;
    case ',': return TOKEN_COMMA;
    case ':': return TOKEN_COLON;
    case '~': return TOKEN_BIT_NOT;
    case '@': return TOKEN_AT;
    case '.':
        if (p[1] != '.' || p[2] != '.') return TOKEN_DOT;
        *length = 3;
        return TOKEN_ELLIPSIS;
    case '?':
        if (p[1] == '?') {
            *length = p[2] == '=' ? 3 : 2;
            return p[2] == '=' ? TOKEN_NULLISH_ASSIGN : TOKEN_NULLISH;
        }
        if (p[1] != '.' || classes[p[2]] & DIGIT) return TOKEN_QUESTION;
        *length = 2;
        return TOKEN_QUESTION_DOT;
    case '=':
        if (p[1] == '=') {
            *length = p[2] == '=' ? 3 : 2;
            return p[2] == '=' ? TOKEN_STRICT_EQUAL : TOKEN_EQUAL;
        }
        *length = p[1] == '>' ? 2 : 1;
        return p[1] == '>' ? TOKEN_ARROW : TOKEN_ASSIGN;
    case '!':
        if (p[1] != '=') return TOKEN_NOT;
        *length = p[2] == '=' ? 3 : 2;
        return p[2] == '=' ? TOKEN_STRICT_NOT_EQUAL : TOKEN_NOT_EQUAL;
    case '+':
        if (p[1] != '+') return ONE_OR_ASSIGN(PLUS);
        *length = 2;
        return TOKEN_INCREMENT;
    case '-':
        if (p[1] != '-') return ONE_OR_ASSIGN(MINUS);
        *length = 2;
        return TOKEN_DECREMENT;
    case '*':
        if (p[1] != '*') return ONE_OR_ASSIGN(STAR);
        *length = p[2] == '=' ? 3 : 2;
        return p[2] == '=' ? TOKEN_EXPONENT_ASSIGN : TOKEN_EXPONENT;
    case '/': return ONE_OR_ASSIGN(SLASH);
    case '%': return ONE_OR_ASSIGN(PERCENT);
    case '^': return ONE_OR_ASSIGN(BIT_XOR);
    case '&':
        if (p[1] != '&') return ONE_OR_ASSIGN(BIT_AND);
        *length = p[2] == '=' ? 3 : 2;
        return p[2] == '=' ? TOKEN_AND_ASSIGN : TOKEN_AND;
    case '|':
        if (p[1] != '|') return ONE_OR_ASSIGN(BIT_OR);
        *length = p[2] == '=' ? 3 : 2;
        return p[2] == '=' ? TOKEN_OR_ASSIGN : TOKEN_OR;
    case '<':
        if (p[1] == '<') {
            *length = p[2] == '=' ? 3 : 2;
            return p[2] == '=' ? TOKEN_SHIFT_LEFT_ASSIGN : TOKEN_SHIFT_LEFT;
        }
        *length = p[1] == '=' ? 2 : 1;
        return p[1] == '=' ? TOKEN_LESS_EQUAL : TOKEN_LESS;
    case '>':
        if (p[1] != '>') {
            *length = p[1] == '=' ? 2 : 1;
            return p[1] == '=' ? TOKEN_GREATER_EQUAL : TOKEN_GREATER;
        }
        if (p[2] != '>') {
            *length = p[2] == '=' ? 3 : 2;
            return p[2] == '=' ? TOKEN_SHIFT_RIGHT_ASSIGN : TOKEN_SHIFT_RIGHT;
        }
        *length = p[3] == '=' ? 4 : 3;
        return p[3] == '=' ? TOKEN_SHIFT_RIGHT_ZERO_ASSIGN : TOKEN_SHIFT_RIGHT_ZERO;
    default: return TOKEN_ERROR;
    }
}

/* No token starts here: an unknown character, or the end. */
static void scan_other(Lexer *l, Token *t)
{
    if (l->cursor >= l->end) {
        t->kind = TOKEN_END;
        return;
    }
    const uint8_t *p = l->cursor++;
    lexer_fail(l, t, DIAG_BAD_CHARACTER, p, p + 1);
}

void lexer_next(Lexer *l, Token *t)
{
    t->flags = 0;
    if (UNLIKELY(!skip_blanks(l, t))) {
        t->end = offset_of(l, l->cursor);
        return;
    }
    const uint8_t *p = l->cursor;
    t->start = offset_of(l, p);
    if (classes[*p] & START) {
        scan_identifier(l, t);
    } else if (classes[*p] & DIGIT || (*p == '.' && classes[p[1]] & DIGIT)) {
        scan_number(l, t);
    } else if (*p == '"' || *p == '\'') {
        scan_string(l, t);
    } else if (*p == '`') {
        scan_template(l, t);
    } else if (*p == '#') {
        scan_private_name(l, t);
    } else if (*p >= 0x80 || *p == '\\') {
        scan_identifier(l, t);
    } else {
        uint32_t length;
        t->kind = read_punctuator(p, &length);
        if (t->kind == TOKEN_ERROR) scan_other(l, t);
        else l->cursor = p + length;
    }
    t->end = offset_of(l, l->cursor);
    ASSERT(l->cursor <= l->end && t->end >= t->start, "the byte behind the text ends every scan");
}

void lexer_split(Lexer *l, Token *t)
{
    uint8_t c = l->text[t->start];
    ASSERT(c == '<' || c == '>', "I2");
    t->kind = c == '<' ? TOKEN_LESS : TOKEN_GREATER;
    t->end = t->start + 1;
    l->cursor = l->text + t->end;
}
