/* inspector-value.h - values as an editor shows them, and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* Single values only; a list is parsed value by value. The text is as typed by a person. */
GVariant *inspector_value_parse             (IMsgPropertyType   type,
                                             const char        *text,
                                             GError           **error);
char     *inspector_value_format            (IMsgPropertyType   type,
                                             GVariant          *value);
/* The other notation: hexadecimal of a number, ticks of a time, the set of a GUID; or NULL */
char     *inspector_value_format_other      (IMsgPropertyType   type,
                                             GVariant          *value);

GBytes   *inspector_value_parse_hex         (const char        *text,
                                             GError           **error);
char     *inspector_value_format_hex        (GBytes            *bytes,
                                             gsize              max_bytes);
gboolean  inspector_value_parse_tag         (const char        *text,
                                             guint32           *tag,
                                             GError           **error);

gboolean  inspector_value_parse_time        (const char        *text,
                                             guint64           *ticks,
                                             GError           **error);
char     *inspector_value_format_time       (guint64            ticks,
                                             gboolean           local);
GDateTime *inspector_value_ticks_to_time    (guint64            ticks);
guint64   inspector_value_get_now           (void);
guint64   inspector_value_move_to_day       (guint64            ticks,
                                             GDateTime         *day,
                                             gboolean           local);

gboolean  inspector_value_is_text_exact     (IMsgPropertyType   type,
                                             guint              code_page,
                                             GBytes            *stored);
gsize     inspector_value_count_text_bytes  (IMsgPropertyType   type,
                                             guint              code_page,
                                             const char        *text);
/* The number of an integer type or an error code, as 32 bits; FALSE for other types */
gboolean  inspector_value_get_bits          (GVariant          *value,
                                             guint32           *bits);
char     *inspector_value_format_bits       (IMsgPropertyType   type,
                                             guint32            bits,
                                             gboolean           hexadecimal);

IMsgPropertyType inspector_value_base_type  (IMsgPropertyType   type);
/* A value of the type that means nothing yet: 0, "", no bytes; floating */
GVariant *inspector_value_new_empty         (IMsgPropertyType   type);
const char *inspector_value_type_word       (IMsgPropertyType   type);
/* One line, controls escaped, at most max_chars characters */
char     *inspector_value_to_line           (const char        *text,
                                             guint              max_chars);

G_END_DECLS
