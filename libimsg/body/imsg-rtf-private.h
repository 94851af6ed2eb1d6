/* imsg-rtf-private.h - what RTF holds, and HTML and text out of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-rtf.h"

G_BEGIN_DECLS

/* Encapsulated HTML as it was, other RTF converted; UTF-8. */
char          *_imsg_rtf_to_html     (const guint8 *rtf,
                                      gsize         n_bytes,
                                      gsize         max_bytes,
                                      gsize        *length,
                                      GPtrArray    *problems,
                                      GError      **error);
/* Encapsulated text as it was, of other RTF and of encapsulated HTML the readable text; UTF-8,
 * lines ending in CR LF. */
char          *_imsg_rtf_to_text     (const guint8 *rtf,
                                      gsize         n_bytes,
                                      gsize         max_bytes,
                                      gsize        *length,
                                      GPtrArray    *problems,
                                      GError      **error);
/* The same of a message whose attachments are known */
char          *_imsg_rtf_to_html_with_objects (const guint8         *rtf,
                                               gsize                 n_bytes,
                                               gsize                 max_bytes,
                                               GPtrArray            *object_names,
                                               gsize                *length,
                                               GPtrArray            *problems,
                                               GError              **error);
char          *_imsg_rtf_to_text_with_objects (const guint8         *rtf,
                                               gsize                 n_bytes,
                                               gsize                 max_bytes,
                                               GPtrArray            *object_names,
                                               gsize                *length,
                                               GPtrArray            *problems,
                                               GError              **error);

/* The attachments that RTF shows in its text, in their order */
typedef struct
{
  GPtrArray *names;      /* (element-type utf8), to be shown */
  gboolean   is_placed;  /* there are as many places for them as there are attachments */
} IMsgRtfObjects;

/* The pure RTF's part of these; @objects may be NULL */
char          *_imsg_rtf_rich_to_html (const guint8         *rtf,
                                       gsize                 n_bytes,
                                       gsize                 max_bytes,
                                       const IMsgRtfObjects *objects,
                                       gsize                *length,
                                       GPtrArray            *problems);
char          *_imsg_rtf_rich_to_text (const guint8         *rtf,
                                       gsize                 n_bytes,
                                       gsize                 max_bytes,
                                       const IMsgRtfObjects *objects,
                                       gsize                *length,
                                       GPtrArray            *problems);
/* The same RTF in ASCII: bytes over 127 as \'xx, binary ones as digits. */
char          *_imsg_rtf_to_seven_bit (const guint8         *rtf,
                                       gsize                 n_bytes);
/* Takes the string; tells when it was cut off. */
char          *_imsg_rtf_rich_finish  (GString              *out,
                                       gsize                 max_bytes,
                                       gsize                *length,
                                       GPtrArray            *problems);

G_END_DECLS
