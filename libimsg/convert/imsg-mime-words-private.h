/* imsg-mime-words-private.h - encoded words in headers (RFC 2047)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text of a header such as Subject, encoded where it has to be, and folded with LF. */
char *_imsg_mime_encode_text   (const char *text);
/* A display name: as it is, quoted, or encoded; folded with LF. */
char *_imsg_mime_encode_phrase (const char *name);
/* An address as every server takes it: its domain in ASCII (RFC 5891), unless what stands in front
 * of that is none. */
char *_imsg_mime_to_ascii_address (const char *address);

/* --- imsg-mime-words-read.c --- */

/* Behind the encoded word that bytes begin with; NULL when they begin with none. */
const char *_imsg_mime_find_word_end (const char *bytes);
/* Text of a header, its words decoded as a body of their charset would be. */
char *_imsg_mime_decode_words  (const char *text);
/* Bytes of a header that are no ASCII, as UTF-8: of the charset given, which may be NULL, if they
 * can be that. NULL when there is nothing to do. */
char *_imsg_mime_decode_raw    (const char *raw,
                                const char *charset);
/* The same header for GMime, whose decoders know fewer charsets and stop at padding inside a run:
 * bytes and words of any charset as UTF-8. NULL when there is nothing to mend. */
char *_imsg_mime_mend_words    (const char *raw,
                                const char *charset);

G_END_DECLS
