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
/* Joins adjacent base64 words of one charset into one. Padding in the middle of such a run ends it
 * for GMime, and the rest of the text would be lost. NULL when there is nothing to mend. */
char *_imsg_mime_join_words    (const char *raw);
/* A list of people as Outlook has it typed: where ; stands between them, and ends no group, it
 * becomes a comma. NULL when there is nothing to mend. */
char *_imsg_mime_split_people  (const char *raw);

G_END_DECLS
