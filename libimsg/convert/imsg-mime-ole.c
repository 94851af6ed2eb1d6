/* imsg-mime-ole.c - objects of other applications as MIME parts ([MS-OLEDS])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-blob-private.h"
#include "imsg-code-page-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"
#include "imsg-storage-private.h"

#include <glib/gi18n-lib.h>

#define CONTENTS_STREAM "CONTENTS"
#define NATIVE_STREAM "\1Ole10Native"
#define PRESENTATION_STREAM "\2OlePres000"

/* Names and paths stand in front of what a package holds, and marks in front of a picture. */
#define HEAD_BYTES 4096

/* How dimensions of a metafile are counted: hundredths of a millimetre. */
#define HIMETRIC_PER_INCH 2540

/* Clipboard formats of a presentation */
#define FORMAT_METAFILE 3
#define FORMAT_DIB 8
#define FORMAT_ENHANCED_METAFILE 14

/* Objects that are nothing but their picture: metafile, bitmap, enhanced metafile. */
static const char *const static_classes[] = {
  "00000315-0000-0000-c000-000000000046",
  "00000316-0000-0000-c000-000000000046",
  "00000319-0000-0000-c000-000000000046",
};

/* What goes out in place of an object. */
typedef struct
{
  IMsgBlob   *blob;
  char       *file_name; /* NULL: that of the attachment, with the extension */
  const char *mime_type;
  const char *extension;
} Inside;

static void
inside_clear (Inside *inside)
{
  g_clear_pointer (&inside->blob, _imsg_blob_unref);
  g_clear_pointer (&inside->file_name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inside, inside_clear)

static gsize
read_head (IMsgBlob *blob,
           guint8   *head)
{
  gssize n_read = _imsg_blob_read (blob, 0, head, HEAD_BYTES, NULL, NULL);

  return n_read > 0 ? (gsize) n_read : 0;
}

/* A prefix and a part of a blob, in a blob of their own. */
static IMsgBlob *
copy_part (IMsgBlob     *blob,
           guint64       offset,
           guint64       n_bytes,
           const guint8 *prefix,
           gsize         n_prefix,
           GCancellable *cancellable)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  guint8 buffer[HEAD_BYTES];

  if (offset > _imsg_blob_get_size (blob) || n_bytes > _imsg_blob_get_size (blob) - offset ||
      !g_output_stream_write_all (G_OUTPUT_STREAM (spool), prefix, n_prefix, NULL, NULL, NULL))
    return NULL;
  while (n_bytes > 0)
    {
      gssize n_read = _imsg_blob_read (blob, offset, buffer, MIN (n_bytes, sizeof buffer),
                                       cancellable, NULL);

      if (n_read <= 0 || !g_output_stream_write_all (G_OUTPUT_STREAM (spool), buffer,
                                                     (gsize) n_read, NULL, cancellable, NULL))
        return NULL;
      offset += (guint64) n_read;
      n_bytes -= (guint64) n_read;
    }
  return _imsg_spool_snapshot (spool, NULL);
}

/* --- pictures --- */

/* 14 bytes, for a bitmap that has no header of a file; 0 when it is none that is understood. */
static gsize
make_bitmap_header (const guint8 *dib,
                    gsize         n_dib,
                    guint64       n_bytes,
                    guint8       *header)
{
  guint32 size = n_dib >= 40 ? _imsg_get_u32 (dib) : 0;
  guint bits = n_dib >= 40 ? _imsg_get_u16 (dib + 14) : 0;
  guint32 compression = n_dib >= 40 ? _imsg_get_u32 (dib + 16) : 0;
  guint32 n_colors = n_dib >= 40 ? _imsg_get_u32 (dib + 32) : 0;

  if (size < 40 || size > 124 || bits == 0 || bits > 32 || n_colors > 256 ||
      n_bytes > G_MAXUINT32 - 14)
    return 0;
  if (n_colors == 0 && bits <= 8)
    n_colors = 1u << bits;
  /* BI_BITFIELDS: three masks behind a header of the old size */
  size += size == 40 && compression == 3 ? 12 : 0;
  memcpy (header, "BM", 2);
  _imsg_put_u32 (header + 2, (guint32) n_bytes + 14);
  _imsg_put_u32 (header + 6, 0);
  _imsg_put_u32 (header + 10, 14 + size + 4 * n_colors);
  return 14;
}

/* 22 bytes, which tell how large a metafile is to be drawn. */
static gsize
make_metafile_header (guint32  width,
                      guint32  height,
                      guint8  *header)
{
  guint16 sum = 0;

  _imsg_put_u32 (header, 0x9AC6CDD7);
  _imsg_put_u16 (header + 4, 0);
  _imsg_put_u32 (header + 6, 0);
  _imsg_put_u16 (header + 10, (guint16) MIN (width, G_MAXINT16));
  _imsg_put_u16 (header + 12, (guint16) MIN (height, G_MAXINT16));
  _imsg_put_u16 (header + 14, HIMETRIC_PER_INCH);
  _imsg_put_u32 (header + 16, 0);
  for (guint i = 0; i < 20; i += 2)
    sum ^= _imsg_get_u16 (header + i);
  _imsg_put_u16 (header + 20, sum);
  return 22;
}

/* What some bytes are the beginning of. */
static gboolean
recognize (const guint8 *head,
           gsize         n_head,
           Inside       *inside)
{
  static const struct
  {
    const char *mark;
    gsize       n_mark;
    gsize       offset;
    const char *mime_type;
    const char *extension;
  } marks[] = {
    { "\x89PNG\r\n", 6, 0, "image/png", ".png" },
    { "GIF8", 4, 0, "image/gif", ".gif" },
    { "\xff\xd8\xff", 3, 0, "image/jpeg", ".jpg" },
    { "BM", 2, 0, "image/bmp", ".bmp" },
    { " EMF", 4, 40, "image/emf", ".emf" },
    { "\xd7\xcd\xc6\x9a", 4, 0, "image/wmf", ".wmf" },
    { "\1\0\x09\0\0\3", 6, 0, "image/wmf", ".wmf" },
    { "%PDF-", 5, 0, "application/pdf", ".pdf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (n_head >= marks[i].offset + marks[i].n_mark &&
        memcmp (head + marks[i].offset, marks[i].mark, marks[i].n_mark) == 0)
      {
        inside->mime_type = marks[i].mime_type;
        inside->extension = marks[i].extension;
        return TRUE;
      }
  return FALSE;
}

/* A picture as a file has it, or a bitmap without the header of one. */
static gboolean
find_contents (IMsgStorage    *storage,
               IMsgMimeExport *export,
               Inside         *inside)
{
  g_autoptr(IMsgBlob) blob = _imsg_storage_get_blob (storage, CONTENTS_STREAM, NULL);
  guint8 head[HEAD_BYTES];
  guint8 header[14];
  gsize n_head = blob != NULL ? read_head (blob, head) : 0;
  gsize n_header;

  if (n_head == 0)
    return FALSE;
  if (recognize (head, n_head, inside))
    {
      inside->blob = g_steal_pointer (&blob);
      return TRUE;
    }
  n_header = make_bitmap_header (head, n_head, _imsg_blob_get_size (blob), header);
  if (n_header == 0)
    return FALSE;
  inside->mime_type = "image/bmp";
  inside->extension = ".bmp";
  inside->blob = copy_part (blob, 0, _imsg_blob_get_size (blob), header, n_header,
                            export->cancellable);
  return inside->blob != NULL;
}

/* u32 -1 or -2 and u32 format; u32 size of a target device with itself, and the rest of it; u32
 * aspect, index, flags, 0, width, height; u32 size, and the picture ([MS-OLEDS] 2.3.4). */
static gboolean
find_presentation (IMsgStorage    *storage,
                   IMsgMimeExport *export,
                   Inside         *inside)
{
  g_autoptr(IMsgBlob) blob = _imsg_storage_get_blob (storage, PRESENTATION_STREAM, NULL);
  guint8 head[HEAD_BYTES];
  guint8 header[22];
  gsize n_head = blob != NULL ? read_head (blob, head) : 0;
  gsize n_header = 0;
  gsize offset;
  guint32 format, n_device, n_bytes;

  if (n_head < 40 ||
      (_imsg_get_u32 (head) != G_MAXUINT32 && _imsg_get_u32 (head) != G_MAXUINT32 - 1))
    return FALSE;
  format = _imsg_get_u32 (head + 4);
  n_device = _imsg_get_u32 (head + 8);
  if (n_device < 4 || n_device > n_head || 8 + n_device + 28 > n_head)
    return FALSE;
  offset = 8 + n_device;
  n_bytes = _imsg_get_u32 (head + offset + 24);
  if (format == FORMAT_METAFILE)
    n_header = make_metafile_header (_imsg_get_u32 (head + offset + 16),
                                     _imsg_get_u32 (head + offset + 20), header);
  else if (format == FORMAT_DIB)
    n_header = make_bitmap_header (head + offset + 28, n_head - offset - 28, n_bytes, header);
  else if (format != FORMAT_ENHANCED_METAFILE)
    return FALSE;
  if (format != FORMAT_ENHANCED_METAFILE && n_header == 0)
    return FALSE;

  inside->mime_type = format == FORMAT_METAFILE ? "image/wmf"
                      : format == FORMAT_DIB    ? "image/bmp"
                                                : "image/emf";
  inside->extension = format == FORMAT_METAFILE ? ".wmf" : format == FORMAT_DIB ? ".bmp" : ".emf";
  inside->blob = copy_part (blob, offset + 28, n_bytes, header, n_header, export->cancellable);
  return inside->blob != NULL;
}

/* --- packages --- */

/* Past a text and its NUL; FALSE when it does not end. */
static gboolean
skip_text (const guint8 *head,
           gsize         n_head,
           gsize        *offset)
{
  const guint8 *end = *offset < n_head ? memchr (head + *offset, '\0', n_head - *offset) : NULL;

  if (end == NULL)
    return FALSE;
  *offset = (gsize) (end - head) + 1;
  return TRUE;
}

/* A file that somebody put into a message with rich text: u32 size of all, u16 2, label, path,
 * u16 0, u16 3, u32 size and another path, u32 size, and the file. */
static gboolean
find_package (IMsgStorage    *storage,
              IMsgMimeExport *export,
              guint           code_page,
              Inside         *inside)
{
  g_autoptr(IMsgBlob) blob = _imsg_storage_get_blob (storage, NATIVE_STREAM, NULL);
  guint8 head[HEAD_BYTES];
  gsize n_head = blob != NULL ? read_head (blob, head) : 0;
  gsize offset = 6;
  g_autofree char *label = NULL;
  guint32 n_path;

  if (n_head < 16 || _imsg_get_u16 (head + 4) != 2 || !skip_text (head, n_head, &offset))
    return FALSE;
  label = _imsg_code_page_decode (code_page, head + 6, offset - 7, NULL, NULL);
  if (!skip_text (head, n_head, &offset) || offset + 8 > n_head ||
      _imsg_get_u32 (head + offset) != 0x00030000)
    return FALSE;
  n_path = _imsg_get_u32 (head + offset + 4);
  if (n_path > n_head || offset + 12 + n_path > n_head)
    return FALSE;
  offset += 8 + n_path;
  inside->blob = copy_part (blob, offset + 4, _imsg_get_u32 (head + offset), NULL, 0,
                            export->cancellable);
  inside->file_name = *label != '\0' ? g_steal_pointer (&label) : NULL;
  inside->mime_type = NULL;
  inside->extension = "";
  return inside->blob != NULL;
}

/* --- objects --- */

static gboolean
is_static (IMsgStorage *storage)
{
  g_autofree char *class_id = imsg_storage_dup_class_id (storage);

  for (guint i = 0; i < G_N_ELEMENTS (static_classes) && class_id != NULL; i++)
    if (g_ascii_strcasecmp (class_id, static_classes[i]) == 0)
      return TRUE;
  return FALSE;
}

static GMimeObject *
build_inside (IMsgMimeExport *export,
              IMsgAttachment *attachment,
              Inside         *inside)
{
  const char *shown = imsg_attachment_get_file_name (attachment);
  g_autoptr(GInputStream) stream = _imsg_blob_open_stream (inside->blob);
  g_autofree char *file_name =
    inside->file_name != NULL                             ? g_strdup (inside->file_name)
    : g_str_has_suffix (shown, inside->extension) ? g_strdup (shown)
                                                          : g_strconcat (shown, inside->extension,
                                                                         NULL);
  g_autofree char *mime_type = inside->mime_type != NULL ? g_strdup (inside->mime_type)
                                                         : _imsg_mime_guess_type (file_name);
  GMimePart *part = _imsg_mime_file_part_new (export, mime_type, GMIME_CONTENT_ENCODING_BASE64,
                                              stream, shown);

  _imsg_mime_describe_part (GMIME_OBJECT (part), attachment, file_name, FALSE);
  return GMIME_OBJECT (part);
}

/* The metafile that stands for an object where it cannot be shown. */
static GMimeObject *
build_rendering (IMsgMimeExport *export,
                 IMsgAttachment *attachment,
                 const GError   *error)
{
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                            IMSG_PR_ATTACH_RENDERING);
  g_auto(Inside) inside = { NULL };
  const char *shown = imsg_attachment_get_file_name (attachment);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      _imsg_mime_add_loss (export, shown, "%s", error->message);
      return NULL;
    }
  _imsg_mime_add_loss (export, shown, _("Only the picture of the object goes out: %s"),
                       error->message);
  inside.blob = _imsg_blob_new_for_bytes (bytes);
  inside.mime_type = "image/wmf";
  inside.extension = ".wmf";
  return build_inside (export, attachment, &inside);
}

GMimeObject *
_imsg_mime_build_ole (IMsgMimeExport *export,
                      IMsgAttachment *attachment)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage =
    imsg_attachment_open_storage (attachment, export->cancellable, &error);
  const char *shown = imsg_attachment_get_file_name (attachment);
  g_auto(Inside) inside = { NULL };
  g_autoptr(IMsgSpool) spool = NULL;

  if (storage == NULL)
    return build_rendering (export, attachment, error);
  if (find_contents (storage, export, &inside) ||
      (is_static (storage) && find_presentation (storage, export, &inside)))
    {
      _imsg_mime_add_loss (export, shown, "%s",
                           g_str_has_prefix (inside.mime_type, "image/")
                             ? _("The object goes out as the picture inside it")
                             : _("The object goes out as the document inside it"));
      return build_inside (export, attachment, &inside);
    }
  inside_clear (&inside);
  if (find_package (storage, export, _imsg_mime_get_code_page (attachment), &inside))
    {
      _imsg_mime_add_loss (export, shown, _("The object goes out as the file inside it"));
      return build_inside (export, attachment, &inside);
    }
  inside_clear (&inside);

  spool = _imsg_spool_new ();
  if (!imsg_storage_write_to_stream (storage, G_OUTPUT_STREAM (spool), export->cancellable,
                                     &error) ||
      (inside.blob = _imsg_spool_snapshot (spool, &error)) == NULL)
    return build_rendering (export, attachment, error);
  _imsg_mime_add_loss (export, shown, _("The object goes out as a file of its bytes"));
  inside.mime_type = "application/octet-stream";
  inside.extension = ".bin";
  return build_inside (export, attachment, &inside);
}
