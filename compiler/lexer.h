/* SPDX-License-Identifier: MIT */
/* lexer.h - tokens on demand.
 *
 * I1  The lexer's whole state is where it reads next; that is the end of the newest token. So a token is a
 *     snapshot: lexer_rewind makes it the newest again.
 * I2  What `/`, `}` and `>` begin depends on the grammar: they come as punctuators, and a parser that expects
 *     a regular expression, the rest of a template or one `>` asks for a second reading of that token.
 * I3  Words are TOKEN_IDENTIFIER with an interned name; a reserved word spelled with an escape too, with
 *     FLAG_HAS_ESCAPE. Strictness is not the lexer's business: FLAG_LEGACY_OCTAL leaves that to the parser.
 * I4  A lexical error is reported at once; the token is TOKEN_ERROR and lexing can go on behind it. */
#ifndef US_COMPILER_LEXER_H
#define US_COMPILER_LEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/ast.h"
#include "compiler/diag.h"
#include "compiler/literal.h"
#include "compiler/names.h"
#include "compiler/source.h"

typedef struct Token {
    uint8_t  kind;                   // TokenKind
    uint8_t  flags;                  // FLAG_HAS_ESCAPE, FLAG_LEGACY_OCTAL
    bool     newline_before;         // a line terminator between the token before and this one
    bool     is_tail;                // TEMPLATE: ends in ` and not in ${
    uint32_t start, end;             // bytes
    uint32_t fault_at;               // TEMPLATE without cooked value: where the bad escape is
    DiagCode fault;                  // ... and what is wrong with it
    // words, PRIVATE_NAME (without #), STRING, BIGINT digits, cooked TEMPLATE
    Name    *name;
                                     // (NULL: bad escape), REGEXP pattern
    union {
        double number;               // NUMBER
        Name  *raw;                  // TEMPLATE: as written; REGEXP: flags
    };
} Token;

typedef struct Lexer {
    const uint8_t *cursor;
    const uint8_t *text;             // the source's bytes
    const uint8_t *first;            // where lexing began: behind byte order mark
    const uint8_t *end;
    bool           has_html_comments;    // script goal: <!-- and --> begin comments (ECMA-262 B.1.1)
    uint32_t       cut_short_at;     // the newest token that the input's end cut short; UINT32_MAX: none
    Names         *names;
    Diag          *diag;
    LiteralText    scratch;
} Lexer;

void lexer_init(Lexer *l, const Source *source, Names *names, Diag *diag, Arena *arena,
                bool has_html_comments);

/** Read the next token. At the end of input TOKEN_END, as often as asked. */
void lexer_next(Lexer *l, Token *t);

/** Make `t` the newest token: the next one comes from behind it. */
static inline void lexer_rewind(Lexer *l, const Token *t)
{
    l->cursor = l->text + t->end;
}

/** Read the newest token, `/` or `/=`, again as the start of a regular expression. */
void lexer_read_regexp(Lexer *l, Token *t);

/** Read the newest token, `}`, again as the continuation of a template. */
void lexer_read_template(Lexer *l, Token *t);

/** Shorten the newest token, which starts with `<` or `>`, to that one character. */
void lexer_split(Lexer *l, Token *t);

#endif
