/* body-message.h - messages with bodies, for tests of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* RTF that holds HTML, text, and neither of them */
#define FROM_HTML "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}in rtf{\\*\\htmltag72 </p>}}"
#define FROM_TEXT "{\\rtf1\\ansi\\fromtext in rtf\\par }"
#define RICH "{\\rtf1\\ansi\\b in rtf\\par }"

/* A message in a session of its own, which ends with the tests */
IMsgMessage *new_message            (gboolean        unicode);
void         set_bytes              (IMsgMessage    *message,
                                     guint32         tag,
                                     const void     *bytes,
                                     gsize           n_bytes);
void         set_string             (IMsgMessage    *message,
                                     guint32         tag,
                                     const char     *text);
void         set_int                (IMsgMessage    *message,
                                     guint32         tag,
                                     gint64          value);
/* Compresses it on the way */
void         set_rtf                (IMsgMessage    *message,
                                     const char     *rtf);
void         assert_body            (IMsgMessage    *message,
                                     IMsgBodyFormat  format,
                                     IMsgBodyOrigin  origin,
                                     const char     *expected);

/* g_test_run () with the sessions that the messages need */
int          body_message_run_tests (void);

G_END_DECLS
