/* SPDX-License-Identifier: MIT */
/* property.h - attributes, descriptors, and the results of operations that may throw. */
#ifndef US_OBJECT_PROPERTY_H
#define US_OBJECT_PROPERTY_H

#include "vm/value/intern.h"

enum {                                   // attributes of a property
    PROPERTY_WRITABLE = 1,
    PROPERTY_ENUMERABLE = 2,
    PROPERTY_CONFIGURABLE = 4,
    PROPERTY_ACCESSOR = 8,
    PROPERTY_DEFAULT = PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | PROPERTY_CONFIGURABLE,
    PROPERTY_METHOD = PROPERTY_WRITABLE | PROPERTY_CONFIGURABLE,       // what built-in methods have
};

enum {                                   // which fields a descriptor has
    DESCRIPTOR_HAS_VALUE = 1,
    DESCRIPTOR_HAS_WRITABLE = 2,
    DESCRIPTOR_HAS_GET = 4,
    DESCRIPTOR_HAS_SET = 8,
    DESCRIPTOR_HAS_ENUMERABLE = 16,
    DESCRIPTOR_HAS_CONFIGURABLE = 32,
};

/* Property Descriptor (ECMA-262 6.2.6). */
typedef struct Descriptor {
    uint8_t fields;                      // DESCRIPTOR_HAS_*
    uint8_t attributes;                  // PROPERTY_*, meaningful where the field is there
    Value   value;
    Value   getter;                      // callable or undefined
    Value   setter;
} Descriptor;

static inline bool descriptor_is_accessor(const Descriptor *d)
{
    return (d->fields & (DESCRIPTOR_HAS_GET | DESCRIPTOR_HAS_SET)) != 0;
}

static inline bool descriptor_is_data(const Descriptor *d)
{
    return (d->fields & (DESCRIPTOR_HAS_VALUE | DESCRIPTOR_HAS_WRITABLE)) != 0;
}

/* All fields of a data property present. */
static inline Descriptor descriptor_of_data(Value value, uint8_t attributes)
{
    return (Descriptor){
        .fields = DESCRIPTOR_HAS_VALUE | DESCRIPTOR_HAS_WRITABLE | DESCRIPTOR_HAS_ENUMERABLE | DESCRIPTOR_HAS_CONFIGURABLE,
        .attributes = attributes, .value = value, .getter = VALUE_UNDEFINED, .setter = VALUE_UNDEFINED,
    };
}

static inline Descriptor descriptor_of_accessor(Value getter, Value setter, uint8_t attributes)
{
    return (Descriptor){
        .fields = DESCRIPTOR_HAS_GET | DESCRIPTOR_HAS_SET | DESCRIPTOR_HAS_ENUMERABLE | DESCRIPTOR_HAS_CONFIGURABLE,
        .attributes = (uint8_t)(attributes | PROPERTY_ACCESSOR), .value = VALUE_UNDEFINED,
        .getter = getter, .setter = setter,
    };
}

/* The answer to a question that user code may be asked. */
typedef enum Tri { TRI_THROWN = -1, TRI_FALSE = 0, TRI_TRUE = 1 } Tri;

static inline Tri tri_from_bool(bool b) { return b ? TRI_TRUE : TRI_FALSE; }

/* The standard's `?`: yield the result or return the exception. The name says what the enclosing function returns
 * (nothing: Value; _BOOL: bool; _TRI: Tri) and what the operand is (TRY: Value; OK: bool; ASK: Tri). */
#define TRY(expression)      TRY_ELSE_(expression, VALUE_THROWN)
#define TRY_BOOL(expression) TRY_ELSE_(expression, false)
#define TRY_TRI(expression)  TRY_ELSE_(expression, TRI_THROWN)
#define TRY_ELSE_(expression, failure)                     \
    ({                                                     \
        Value try_ = (expression);                         \
        if (UNLIKELY(try_ == VALUE_THROWN)) return failure; \
        try_;                                              \
    })
#define OK(expression)      do { if (UNLIKELY(!(expression))) return VALUE_THROWN; } while (0)
#define OK_BOOL(expression) do { if (UNLIKELY(!(expression))) return false; } while (0)
#define OK_TRI(expression)  do { if (UNLIKELY(!(expression))) return TRI_THROWN; } while (0)
#define ASK(expression)      ASK_ELSE_(expression, VALUE_THROWN)
#define ASK_BOOL(expression) ASK_ELSE_(expression, false)
#define ASK_TRI(expression)  ASK_ELSE_(expression, TRI_THROWN)
#define ASK_ELSE_(expression, failure)                   \
    ({                                                   \
        Tri ask_ = (expression);                         \
        if (UNLIKELY(ask_ == TRI_THROWN)) return failure; \
        ask_ == TRI_TRUE;                                \
    })

#endif
