/* imsg-json-private.h - what writing and reading JSON share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Adds a value, an array for a multi-valued one. Bytes past max_bytes of a binary value are left
 * out; tells whether any were. */
gboolean  _imsg_json_add_value   (JsonBuilder        *builder,
                                  GVariant           *value,
                                  gsize               max_bytes);
/* The opposite: a floating value of the type, or NULL when the node does not fit it. */
GVariant *_imsg_json_parse_value (JsonNode           *node,
                                  const GVariantType *type);
/* JSON whose escapes all stand for what text here can hold: "\ufffd" for half of a surrogate pair and
 * for NUL. */
GBytes   *_imsg_json_mend_escapes (GBytes            *text);

G_END_DECLS
