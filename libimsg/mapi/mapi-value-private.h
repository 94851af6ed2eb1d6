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
/* Turns a failed slot into what GetProps and QueryRows put there. */
void     mapi_value_set_error    (SPropValue            *value,
                                  ULONG                  tag,
                                  SCODE                  scode);

G_END_DECLS
