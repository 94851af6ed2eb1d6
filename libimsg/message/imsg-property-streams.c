/* imsg-property-streams.c - properties as streams
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  STREAM_READ,
  STREAM_REPLACE,
  STREAM_EDIT,
} StreamKind;

/* A stream somebody has open. */
typedef struct
{
  guint32    tag;
  StreamKind kind;
  GObject   *stream; /* weak: NULL once its last reference is gone */
  IMsgSpool *spool;  /* what a writing one writes to */
} IMsgOpenStream;

/* Where a spool goes when it is closed. */
typedef struct
{
  GWeakRef object;
  guint32  tag;
} Publication;

static void
open_stream_free (IMsgOpenStream *open)
{
  if (open->stream != NULL)
    g_object_remove_weak_pointer (open->stream, (gpointer *) &open->stream);
  g_clear_object (&open->spool);
  g_free (open);
}

static gboolean
is_over (const IMsgOpenStream *open)
{
  if (open->stream == NULL)
    return TRUE;
  if (open->kind == STREAM_READ)
    return g_input_stream_is_closed (G_INPUT_STREAM (open->stream));
  if (open->kind == STREAM_REPLACE)
    return g_output_stream_is_closed (G_OUTPUT_STREAM (open->stream));
  return g_io_stream_is_closed (G_IO_STREAM (open->stream));
}

static IMsgOpenStream *
find_stream (IMsgPropertyObject *self,
             guint               id,
             gboolean            writing)
{
  for (guint i = self->streams != NULL ? self->streams->len : 0; i > 0; i--)
    {
      IMsgOpenStream *open = self->streams->pdata[i - 1];

      if (is_over (open))
        g_ptr_array_remove_index_fast (self->streams, i - 1);
      else if (IMSG_TAG_ID (open->tag) == id && writing == (open->kind != STREAM_READ))
        return open;
    }
  return NULL;
}

static void
remember_stream (IMsgPropertyObject *self,
                 guint32             tag,
                 StreamKind          kind,
                 gpointer            stream,
                 IMsgSpool          *spool)
{
  IMsgOpenStream *open = g_new0 (IMsgOpenStream, 1);

  open->tag = tag;
  open->kind = kind;
  open->stream = stream;
  open->spool = spool != stream && spool != NULL ? g_object_ref (spool) : NULL;
  g_object_add_weak_pointer (open->stream, (gpointer *) &open->stream);
  if (self->streams == NULL)
    self->streams = g_ptr_array_new_with_free_func ((GDestroyNotify) open_stream_free);
  g_ptr_array_add (self->streams, open);
}

gboolean
_imsg_property_object_is_written (IMsgPropertyObject *self,
                                  guint               id)
{
  return find_stream (self, id, TRUE) != NULL;
}

/* Ends all of them; what a writing one had not published is lost. */
void
_imsg_property_object_end_streams (IMsgPropertyObject *self)
{
  g_autoptr(GPtrArray) streams = g_steal_pointer (&self->streams);

  for (guint i = streams != NULL ? streams->len : 0; i > 0; i--)
    {
      IMsgOpenStream *open = streams->pdata[i - 1];
      g_autoptr(GObject) stream = open->stream != NULL ? g_object_ref (open->stream) : NULL;

      if (open->spool != NULL)
        _imsg_spool_set_publish (open->spool, NULL, NULL, NULL);
      if (stream == NULL)
        continue;
      if (open->kind == STREAM_READ)
        g_input_stream_close (G_INPUT_STREAM (stream), NULL, NULL);
      else if (open->kind == STREAM_REPLACE)
        {
          _imsg_spool_set_publish (IMSG_SPOOL (stream), NULL, NULL, NULL);
          g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL);
        }
      else
        g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
    }
}

/* --- widths --- */

/* The text of one width as that of the other. */
static IMsgBlob *
convert_width (IMsgPropertyObject  *self,
               IMsgBlob            *blob,
               guint                from,
               guint                to,
               GError             **error)
{
  const IMsgLimits *limits = _imsg_property_object_get_limits (self);
  guint code_page = _imsg_property_object_get_code_page (self);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) converted = NULL;
  g_autofree char *text = NULL;
  gsize n_bytes, length = 0;
  const void *data;

  if (from == to)
    return _imsg_blob_ref (blob);
  bytes = _imsg_blob_read_all (blob, limits->values[IMSG_LIMIT_VALUE_BYTES], NULL, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &n_bytes);
  if (from == IMSG_PROPERTY_TYPE_UNICODE)
    {
      text = _imsg_utf16_decode (data, n_bytes, &length, NULL);
      converted = _imsg_code_page_encode (code_page, text, length, error);
    }
  else
    {
      text = _imsg_code_page_decode (code_page, data, n_bytes, &length, NULL);
      converted = _imsg_utf16_encode (text, length);
    }
  return converted != NULL ? _imsg_blob_new_for_bytes (converted) : NULL;
}

static gboolean
is_text_type (guint type)
{
  return type == IMSG_PROPERTY_TYPE_STRING8 || type == IMSG_PROPERTY_TYPE_UNICODE;
}

/* The tag whose bytes a stream carries: the one asked for, or what is stored for type 0. */
static gboolean
choose_tag (IMsgPropertyObject  *self,
            guint32             *tag,
            IMsgPropertySlot    *slot,
            GError             **error)
{
  guint wanted = IMSG_TAG_TYPE (*tag);
  gboolean found = _imsg_property_object_lookup (self, *tag, slot);

  if (wanted == IMSG_PROPERTY_TYPE_UNSPECIFIED && found)
    *tag = slot->tag;
  /* The data of an attachment may be asked for by either of its two tags */
  else if (wanted == IMSG_PROPERTY_TYPE_OBJECT && (!found || slot->tag != *tag))
    *tag = IMSG_TAG (IMSG_PROPERTY_TYPE_BINARY, IMSG_TAG_ID (*tag));
  wanted = IMSG_TAG_TYPE (*tag);

  if (_imsg_type_get_stored_form (wanted) != IMSG_STORED_STREAM)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("Property 0x%08X is of no type that a stream can hold"), *tag);
      return FALSE;
    }
  if (found && IMSG_TAG_TYPE (slot->tag) != wanted &&
      !(is_text_type (wanted) && is_text_type (IMSG_TAG_TYPE (slot->tag))))
    slot->tag = 0;
  else if (!found)
    slot->tag = 0;
  return TRUE;
}

static IMsgBlob *
open_blob (IMsgPropertyObject  *self,
           guint32              tag,
           IMsgPropertySlot    *slot,
           GError             **error)
{
  g_autoptr(IMsgBlob) blob = _imsg_property_slot_open (self, slot, error);

  if (blob == NULL)
    return NULL;
  if (is_text_type (IMSG_TAG_TYPE (slot->tag)))
    blob = _imsg_blob_clip_text (g_steal_pointer (&blob),
                                 IMSG_TAG_TYPE (slot->tag) == IMSG_PROPERTY_TYPE_UNICODE ? 2 : 1);
  return convert_width (self, blob, IMSG_TAG_TYPE (slot->tag), IMSG_TAG_TYPE (tag), error);
}

/**
 * imsg_property_object_open_stream:
 * @self: a property object
 * @tag: a tag of text, bytes, or several values of a fixed size
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a property for reading, however large it is.
 *
 * Text comes without terminator in the width that @tag has: UTF-16LE for `PT_UNICODE`, the code
 * page of the message for `PT_STRING8`. While such a stream is open, opening the property again
 * gives the same one, with its position. It ends when the object is closed: reading then fails
 * with %G_IO_ERROR_CLOSED.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when absent, %IMSG_ERROR_UNEXPECTED_TYPE when it is of another
 * type, %IMSG_ERROR_NO_SUPPORT for a type that is no stream, %IMSG_ERROR_CLOSED once @self is
 * closed. Source: `IMAPIProp::OpenProperty` with `IID_IStream`.
 *
 * Returns: (transfer full): a stream, which is #GSeekable
 * Since: 1.0
 */
GInputStream *
imsg_property_object_open_stream (IMsgPropertyObject  *self,
                                  guint32              tag,
                                  GCancellable        *cancellable,
                                  GError             **error)
{
  IMsgOpenStream *open;
  IMsgPropertySlot slot;
  g_autoptr(IMsgBlob) blob = NULL;
  GInputStream *stream;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check (self, error) || !_imsg_property_object_load (self, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  open = find_stream (self, IMSG_TAG_ID (tag), FALSE);
  if (open != NULL)
    return G_INPUT_STREAM (g_object_ref (open->stream));

  if (!choose_tag (self, &tag, &slot, error))
    return NULL;
  if (slot.tag == 0)
    {
      g_autoptr(GVariant) value = imsg_property_object_get_value (self, tag, error);
      IMsgStoredValue stored = { 0 };

      /* Computed, or of another type: then value is NULL and the error says so */
      if (value == NULL || !_imsg_value_encode (tag, value,
                                                _imsg_property_object_get_code_page (self),
                                                &stored, error))
        return NULL;
      blob = _imsg_blob_new_for_bytes (stored.bytes);
      _imsg_stored_value_clear (&stored);
    }
  else
    blob = open_blob (self, tag, &slot, error);
  if (blob == NULL)
    return NULL;
  stream = _imsg_blob_open_stream (blob);
  remember_stream (self, tag, STREAM_READ, stream, NULL);
  return stream;
}

/* --- writing --- */

static void
publication_free (gpointer data)
{
  Publication *publication = data;

  g_weak_ref_clear (&publication->object);
  g_free (publication);
}

/* Called when the stream is closed or flushed. */
static gboolean
publish (IMsgBlob  *blob,
         gpointer   user_data,
         GError   **error)
{
  Publication *publication = user_data;
  g_autoptr(IMsgPropertyObject) self = g_weak_ref_get (&publication->object);
  g_autoptr(IMsgBlob) converted = NULL;
  guint type = IMSG_TAG_TYPE (publication->tag);
  guint32 tag = publication->tag;

  if (self == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _("The object of the stream is gone"));
      return FALSE;
    }
  if (!_imsg_property_object_check_writable (self, error))
    return FALSE;
  if (is_text_type (type))
    {
      guint own = imsg_property_object_is_unicode (self) ? IMSG_PROPERTY_TYPE_UNICODE
                                                         : IMSG_PROPERTY_TYPE_STRING8;

      tag = IMSG_TAG (own, IMSG_TAG_ID (tag));
      converted = convert_width (self, blob, type, own, error);
      if (converted == NULL)
        return FALSE;
    }
  _imsg_property_object_put_blob (self, tag, converted != NULL ? converted : blob, 0);
  return TRUE;
}

static IMsgSpool *
new_spool (IMsgPropertyObject *self,
           guint32             tag)
{
  IMsgSpool *spool = _imsg_spool_new ();
  Publication *publication = g_new0 (Publication, 1);

  g_weak_ref_init (&publication->object, self);
  publication->tag = tag;
  _imsg_spool_set_publish (spool, publish, publication, publication_free);
  return spool;
}

static gboolean
may_write (IMsgPropertyObject  *self,
           guint32             *tag,
           IMsgPropertySlot    *slot,
           GError             **error)
{
  if (!_imsg_property_object_check_writable (self, error) ||
      !_imsg_property_object_load (self, error) || !choose_tag (self, tag, slot, error))
    return FALSE;
  return _imsg_property_object_may_edit (self, *tag, FALSE, error);
}

/**
 * imsg_property_object_replace_stream:
 * @self: a property object
 * @tag: a tag of text, bytes, or several values of a fixed size
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a stream whose bytes become the new value when it is closed or flushed.
 *
 * Until then the property has the value it had, and can be neither set nor deleted. Text is
 * written without terminator in the width that @tag has, and stored in that of the message. Large
 * values go to a temporary file, not to memory. While such a stream is open, asking again gives
 * the same one. Closing fails with %IMSG_ERROR_BAD_CHARWIDTH when the text does not fit the code
 * page, and with %IMSG_ERROR_CLOSED when the object was closed meanwhile.
 *
 * Fails as [method@PropertyObject.set_value] does, and with %IMSG_ERROR_NO_SUPPORT for a type that
 * is no stream. Source: `IMAPIProp::OpenProperty` with `MAPI_CREATE`.
 *
 * Returns: (transfer full): a stream, which is #GSeekable
 * Since: 1.0
 */
GOutputStream *
imsg_property_object_replace_stream (IMsgPropertyObject  *self,
                                     guint32              tag,
                                     GCancellable        *cancellable,
                                     GError             **error)
{
  IMsgOpenStream *open;
  IMsgPropertySlot slot;
  IMsgSpool *spool;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  open = find_stream (self, IMSG_TAG_ID (tag), TRUE);
  if (open != NULL && open->kind == STREAM_REPLACE)
    return G_OUTPUT_STREAM (g_object_ref (open->stream));
  if (!may_write (self, &tag, &slot, error))
    return NULL;
  spool = new_spool (self, tag);
  remember_stream (self, tag, STREAM_REPLACE, spool, NULL);
  return G_OUTPUT_STREAM (spool);
}

/**
 * imsg_property_object_edit_stream:
 * @self: a property object
 * @tag: a tag of text, bytes, or several values of a fixed size
 * @create: whether to begin with nothing when the property is absent
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Opens a stream that reads and writes a property, with one position for both.
 *
 * It begins with the bytes the property has; what they have become is the new value when it is
 * closed or flushed. Otherwise it is as [method@PropertyObject.replace_stream].
 *
 * Fails as that does, and with %IMSG_ERROR_NOT_FOUND when the property is absent without @create.
 * Source: `IMAPIProp::OpenProperty` with `MAPI_MODIFY`.
 *
 * Returns: (transfer full): a stream, which is #GSeekable
 * Since: 1.0
 */
GIOStream *
imsg_property_object_edit_stream (IMsgPropertyObject  *self,
                                  guint32              tag,
                                  gboolean             create,
                                  GCancellable        *cancellable,
                                  GError             **error)
{
  IMsgOpenStream *open;
  IMsgPropertySlot slot;
  g_autoptr(IMsgSpool) spool = NULL;
  GIOStream *stream;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  open = find_stream (self, IMSG_TAG_ID (tag), TRUE);
  if (open != NULL && open->kind == STREAM_EDIT)
    return G_IO_STREAM (g_object_ref (open->stream));
  if (!may_write (self, &tag, &slot, error))
    return NULL;
  if (slot.tag == 0 && !create)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no property 0x%08X"), tag);
      return NULL;
    }

  spool = new_spool (self, tag);
  if (slot.tag != 0)
    {
      g_autoptr(IMsgBlob) blob = open_blob (self, tag, &slot, error);

      if (blob == NULL || !_imsg_spool_fill (spool, blob, cancellable, error))
        {
          _imsg_spool_set_publish (spool, NULL, NULL, NULL);
          return NULL;
        }
    }
  stream = _imsg_spool_open_io_stream (spool);
  remember_stream (self, tag, STREAM_EDIT, stream, spool);
  return stream;
}
