/* mapi-value-private.h - property values as MAPI's structures
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mapi-private.h"

G_BEGIN_DECLS

/* Bytes of one element of a type (MV_FLAG ignored) in an array: 0 for a type that is no value. */
gsize    mapi_type_element_size  (ULONG                  type);
/* A fixed-size element's bytes are the value; of text and binaries a pointer and a length. */
gboolean mapi_type_is_pointer    (ULONG                  type);

/* --- values in and out of the library --- */

/* Fills *value from a variant of the type in tag; what does not fit is linked to base. 8-bit text
 * is encoded with code_page. Returns S_OK, MAPI_E_NOT_ENOUGH_MEMORY, MAPI_E_INVALID_TYPE … */
SCODE    mapi_value_from_variant (ULONG                  tag,
                                  GVariant              *variant,
                                  guint                  code_page,
                                  const MapiAllocators  *allocators,
                                  gpointer               base,
                                  SPropValue            *value);
/* The opposite; the variant is floating. */
SCODE    mapi_value_to_variant   (const SPropValue      *value,
                                  guint                  code_page,
                                  GVariant             **variant);
/* Text as it is stored, when it is stored in the width of tag: decoding and encoding it could
 * change it. FALSE when it is not there so. */
gboolean mapi_value_read_text    (IMsgPropertyObject    *object,
                                  ULONG                  tag,
                                  const MapiAllocators  *allocators,
                                  gpointer               base,
                                  SPropValue            *value);
/* Whether decoding may have changed the text, given as the type of tag. */
gboolean mapi_text_is_doubtful   (ULONG                  tag,
                                  GVariant              *variant);
/* The bytes that text has to be stored as, where a variant would not say them; else NULL. */
GBytes  *mapi_value_get_raw_text (const SPropValue      *value,
                                  guint                  code_page,
                                  gboolean               is_unicode);
gboolean mapi_object_set_raw     (IMsgPropertyObject    *object,
                                  ULONG                  tag,
                                  GBytes                *raw,
                                  GError               **error);
/* Turns a failed slot into what GetProps and QueryRows put there. */
void     mapi_value_set_error    (SPropValue            *value,
                                  ULONG                  tag,
                                  SCODE                  scode);

G_END_DECLS
