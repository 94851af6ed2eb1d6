/* fuzz-json.c - JSON of any bytes as a message, and that message as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         n_bytes);

static IMsgMessage *
import (IMsgSession  *session,
        const void   *data,
        gsize         n_bytes,
        GError      **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, n_bytes, NULL);

  return imsg_session_import_json (session, stream, NULL, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = import (session, data, n_bytes, &error);
  g_autoptr(IMsgMessage) again = NULL;
  g_autofree char *json = NULL;

  if (message != NULL)
    {
      json = imsg_message_to_json (message, IMSG_JSON_COMPLETE | IMSG_JSON_BODIES, NULL, &error);
      g_assert_no_error (error);
      /* What was written must be read again */
      again = import (session, json, strlen (json), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imsg_message_get_subject (again), ==, imsg_message_get_subject (message));
    }
  else
    g_assert_nonnull (error);
  imsg_session_close (session);
  return 0;
}
