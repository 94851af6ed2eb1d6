/* imsg-gsf-blob.c - reading from libgsf, one thread at a time and without its complaints
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-error.h"
#include "imsg-gsf-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

static GRecMutex gsf_lock;
static GPrivate gsf_depth;

static void
log_handler (const char     *domain,
             GLogLevelFlags  level,
             const char     *message,
             gpointer        user_data)
{
  if (GPOINTER_TO_UINT (g_private_get (&gsf_depth)) == 0)
    g_log_default_handler (domain, level, message, NULL);
}

static gpointer
prepare (gpointer data)
{
  static const char *domains[] = { "libgsf", "libgsf:msole", "libgsf:zip", "libgsf:tar" };

  gsf_init ();
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    g_log_set_handler (domains[i], G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION, log_handler, NULL);
  return NULL;
}

void
_imsg_gsf_enter (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, prepare, NULL);
  g_rec_mutex_lock (&gsf_lock);
  g_private_set (&gsf_depth,
                 GUINT_TO_POINTER (GPOINTER_TO_UINT (g_private_get (&gsf_depth)) + 1));
}

void
_imsg_gsf_leave (void)
{
  g_private_set (&gsf_depth,
                 GUINT_TO_POINTER (GPOINTER_TO_UINT (g_private_get (&gsf_depth)) - 1));
  g_rec_mutex_unlock (&gsf_lock);
}

typedef struct
{
  GsfInput       *input;
  gpointer        owner;
  GDestroyNotify  owner_unref;
} InputBlob;

static gssize
input_blob_read (gpointer       source,
                 guint64        offset,
                 gpointer       buffer,
                 gsize          n_bytes,
                 GCancellable  *cancellable,
                 GError       **error)
{
  InputBlob *blob = source;
  gboolean is_read = FALSE;

  n_bytes = MIN (n_bytes, (gsize) 1 << 30);
  if (n_bytes == 0)
    return 0;
  _imsg_gsf_enter ();
  /* gsf_input_seek() is TRUE on failure; a read is all or nothing. */
  is_read = !gsf_input_seek (blob->input, offset, G_SEEK_SET) &&
            gsf_input_read (blob->input, n_bytes, buffer) != NULL;
  _imsg_gsf_leave ();
  if (is_read)
    return n_bytes;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
               g_dngettext (GETTEXT_PACKAGE,
                            "libgsf cannot read %zu byte at %" PRIu64,
                            "libgsf cannot read %zu bytes at %" PRIu64,
                            n_bytes),
               n_bytes, offset);
  return -1;
}

static void
input_blob_free (gpointer source)
{
  InputBlob *blob = source;

  _imsg_gsf_enter ();
  g_object_unref (blob->input);
  if (blob->owner != NULL)
    blob->owner_unref (blob->owner);
  _imsg_gsf_leave ();
  g_free (blob);
}

static const IMsgBlobClass input_blob_class = { input_blob_read, input_blob_free };

/* Takes input and owner. */
IMsgBlob *
_imsg_gsf_blob_new (GsfInput       *input,
                    gpointer        owner,
                    GDestroyNotify  owner_unref)
{
  InputBlob *blob = g_new0 (InputBlob, 1);

  blob->input = input;
  blob->owner = owner;
  blob->owner_unref = owner_unref;
  return _imsg_blob_new (&input_blob_class, blob, MAX (gsf_input_size (input), 0));
}
