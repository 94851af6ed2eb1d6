/* imsg-mime-macintosh.c - files of a Macintosh, which have two forks ([MS-OXCMAIL] 2.1.3.4.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-blob-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

/* MacBinary: a header, the data fork, and behind it the resource fork. */
#define HEADER_BYTES 128
#define MAX_NAME 63

#define COPY_BYTES 65536

static guint32
read_u32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static gboolean
is_called_macbinary (IMsgAttachment *attachment)
{
  static const guint8 macbinary[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0B, 0x01 };
  g_autoptr(GBytes) encoding = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                               IMSG_PR_ATTACH_ENCODING);
  g_autoptr(GBytes) expected = g_bytes_new_static (macbinary, sizeof macbinary);

  return encoding != NULL && g_bytes_equal (encoding, expected);
}

static gboolean
read_header (GInputStream *stream,
             GCancellable *cancellable,
             guint32      *n_data,
             guint32      *n_resource)
{
  GSeekable *seekable = G_SEEKABLE (stream);
  guint8 header[HEADER_BYTES];
  gsize n_read;
  goffset n_bytes;

  if (!g_seekable_seek (seekable, 0, G_SEEK_END, cancellable, NULL))
    return FALSE;
  n_bytes = g_seekable_tell (seekable);
  if (!g_seekable_seek (seekable, 0, G_SEEK_SET, cancellable, NULL) ||
      !g_input_stream_read_all (stream, header, sizeof header, &n_read, cancellable, NULL) ||
      n_read < sizeof header)
    return FALSE;
  *n_data = read_u32 (header + 83);
  *n_resource = read_u32 (header + 87);
  return header[0] == 0 && header[1] >= 1 && header[1] <= MAX_NAME && header[74] == 0 &&
         header[82] == 0 && (goffset) *n_data <= n_bytes - HEADER_BYTES;
}

static IMsgBlob *
copy_data (GInputStream *stream,
           guint32       n_data,
           GCancellable *cancellable)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autofree char *buffer = g_malloc (COPY_BYTES);

  while (n_data > 0)
    {
      gssize n_read = g_input_stream_read (stream, buffer, MIN (n_data, COPY_BYTES), cancellable,
                                           NULL);

      if (n_read <= 0 || !g_output_stream_write_all (G_OUTPUT_STREAM (spool), buffer,
                                                     (gsize) n_read, NULL, cancellable, NULL))
        return NULL;
      n_data -= (guint32) n_read;
    }
  return _imsg_spool_snapshot (spool, NULL);
}

GInputStream *
_imsg_mime_open_data_fork (IMsgMimeExport *export,
                           IMsgAttachment *attachment,
                           GInputStream   *stream)
{
  g_autoptr(IMsgBlob) data = NULL;
  guint32 n_data;
  guint32 n_resource;

  if (is_called_macbinary (attachment) &&
      read_header (stream, export->cancellable, &n_data, &n_resource))
    data = copy_data (stream, n_data, export->cancellable);
  /* whatever else it may be, its bytes are all there is to send */
  if (data == NULL)
    return g_object_ref (stream);
  if (n_resource > 0)
    _imsg_mime_add_loss (export, imsg_attachment_get_file_name (attachment),
                         _("The resource fork stays behind"));
  return _imsg_blob_open_stream (data);
}
