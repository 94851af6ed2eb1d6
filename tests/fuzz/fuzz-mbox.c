/* fuzz-mbox.c - an mbox of any bytes, each of its messages out again
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-mime.h"

static const char *const texts[] = {
  "From a@example.org Mon Jan  8 09:00:00 2024\nSubject: one\n\n>From here\n>>From there\nbody\n\n"
  "From - Mon Jan  8 09:00:00 2024\nSubject: two\nContent-Type: text/html\n\n<p>x</p>\n",
  "From MAILER-DAEMON\r\nFrom: b\r\n\r\n\r\nFrom x\r\n\r\nFrom y\r\n",
};

void
fuzz_add_seeds (GPtrArray *seeds)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (texts[i], strlen (texts[i])));
}

static GPtrArray *
import (IMsgSession  *session,
        const void   *data,
        gsize         n_bytes,
        GError      **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) n_bytes, NULL);

  return imsg_session_import_mbox (session, stream, NULL, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = import (session, data, n_bytes, &error);
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  GMemoryOutputStream *out = G_MEMORY_OUTPUT_STREAM (memory);

  g_assert_true ((messages == NULL) == (error != NULL));
  if (messages != NULL && messages->len > 0)
    {
      for (guint i = 0; i < messages->len; i++)
        {
          imsg_message_export_mbox (messages->pdata[i], memory, NULL, NULL, &error);
          g_assert_no_error (error);
        }
      again = import (session, g_memory_output_stream_get_data (out),
                      g_memory_output_stream_get_data_size (out), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (again->len, ==, messages->len);
    }
  imsg_session_close (session);
  return 0;
}
