/* imsg-base64-private.h - base64 of whole streams, a buffer at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line of MIME: 57 bytes are 76 characters and CR LF. */
#define IMSG_BASE64_LINE_BYTES 57
#define IMSG_BASE64_LINE_CHARACTERS 78

/* Writes whole lines; only the last call for a stream may have a number of bytes that is no
 * multiple of IMSG_BASE64_LINE_BYTES. Needs room for IMSG_BASE64_LINE_CHARACTERS for each line
 * begun. Returns the number of characters. */
gsize _imsg_base64_encode_lines (const guint8       *bytes,
                                 gsize               n_bytes,
                                 char               *characters);

/* What is left of a group of four between two calls; begins as all zero. */
typedef struct
{
  guint32  bits;
  guint    n_characters;
  gboolean is_padded; /* nothing but white space came since */
  gsize    n_rest;    /* characters of the last call that are no base64: its end was found */
} IMsgBase64Decoder;

/* Decodes what came; whatever is no letter of base64 is skipped, and padding ends a run behind
 * which another may begin. What begins with another character behind it is a text that somebody put
 * there, and the rest. Needs room for as many bytes as there are characters, and four. Returns
 * the number of bytes. */
gsize _imsg_base64_decode       (IMsgBase64Decoder  *decoder,
                                 const char         *characters,
                                 gsize               n_characters,
                                 guint8             *bytes);
/* The bytes of a group that was never ended: at most two. */
gsize _imsg_base64_decode_end   (IMsgBase64Decoder  *decoder,
                                 guint8             *bytes);

G_END_DECLS
