/* imsg-guid-private.h - GUIDs, by value, in their stored byte order
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The 16 bytes as files have them: Data1 to Data3 little-endian, the other eight as they are. */
typedef struct
{
  guint8 bytes[16];
} IMsgGuid;

/* Room for "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" and its NUL */
#define IMSG_GUID_STRING_SIZE 37

gboolean  _imsg_guid_parse   (const char     *text,
                              IMsgGuid       *guid);
char     *_imsg_guid_to_text (const IMsgGuid *guid);
void      _imsg_guid_print   (const IMsgGuid *guid,
                              char            text[IMSG_GUID_STRING_SIZE]);
gboolean  _imsg_guid_equal   (const IMsgGuid *a,
                              const IMsgGuid *b);
guint     _imsg_guid_hash    (const IMsgGuid *guid);
gboolean  _imsg_guid_is_nil  (const IMsgGuid *guid);
void      _imsg_guid_random  (IMsgGuid       *guid);

G_END_DECLS
