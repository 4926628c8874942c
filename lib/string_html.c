/* SPDX-License-Identifier: MIT */
/* String.prototype's methods that make HTML (ECMA-262 B.2.2.2 to B.2.2.14). */
#include "lib/string_int.h"

typedef struct HtmlTag {
    const char *method, *tag, *attribute;
} HtmlTag;

static const HtmlTag lib_string_tags[] = {
    { "anchor", "a", "name" },   { "big", "big", NULL },        { "blink", "blink", NULL },  { "bold", "b", NULL },
    { "fixed", "tt", NULL },     { "fontcolor", "font", "color" }, { "fontsize", "font", "size" },
    { "italics", "i", NULL },    { "link", "a", "href" },       { "small", "small", NULL },
    { "strike", "strike", NULL }, { "sub", "sub", NULL },       { "sup", "sup", NULL },
};

static void lib_string_put_attribute(LocalHeap *h, StringBuilder *b, const char *name, String *value)
{
    StringView v = string_view(h, value);
    string_builder_put_unit(b, ' ');
    string_builder_put_text(b, name);
    string_builder_put_text(b, "=\"");
    for (size_t i = 0; i < v.length; i++) {
        if (text_unit(v, i) == '"') string_builder_put_text(b, "&quot;");
        else string_builder_put_unit(b, (uint16_t)text_unit(v, i));
    }
    string_builder_put_unit(b, '"');
}

/* CreateHTML (B.2.2.2.1). magic: a row of lib_string_tags. */
static Value lib_string_html(Goroutine *g, Args a)
{
    const HtmlTag *t = &lib_string_tags[args_magic(a)];
    StringBuilder b;
    String *s = lib_string_this(g, a), *value = NULL;
    if (!s) return VALUE_THROWN;
    if (t->attribute) {
        value = convert_to_string(g, arg(a, 0));
        if (!value) return VALUE_THROWN;
    }
    string_builder_init(&b);
    string_builder_put_unit(&b, '<');
    string_builder_put_text(&b, t->tag);
    if (value) lib_string_put_attribute(&g->heap, &b, t->attribute, value);
    string_builder_put_unit(&b, '>');
    string_builder_put_string(&g->heap, &b, s);
    string_builder_put_text(&b, "</");
    string_builder_put_text(&b, t->tag);
    string_builder_put_unit(&b, '>');
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

void lib_string_install_html(const Lib *lib, Value proto)
{
    static NativeSpec specs[COUNT_OF(lib_string_tags)];          // the same content whenever it is written
    for (size_t i = 0; i < COUNT_OF(lib_string_tags); i++) {
        specs[i] = (NativeSpec){ .name = lib_string_tags[i].method, .function = lib_string_html,
                                 .length = lib_string_tags[i].attribute != NULL, .magic = (int16_t)i };
    }
    INSTALL_TABLE(lib, proto, specs);
}
