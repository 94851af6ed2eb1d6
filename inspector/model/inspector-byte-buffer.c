/* inspector-byte-buffer.c - bytes that can be edited without being copied
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-byte-buffer.h"

#include <string.h>

/* A piece table: the original bytes are never touched, what was typed is appended to a second
 * array, and the content is a list of pieces of the two. An undo step is the earlier list. The
 * original may be a seekable stream, of which only a few pages are held. */

#define PAGE_BYTES 65536
#define MAX_PAGES 64
#define MAX_UNDO_STEPS 500

typedef struct
{
  guint64  start;    /* of the piece in the content */
  guint64  offset;   /* in the original or in the added bytes */
  guint64  length;
  gboolean is_added;
} Piece;

struct _InspectorByteBuffer
{
  GObject       parent_instance;

  GBytes       *original;  /* NULL when a stream stands for it */
  GInputStream *stream;
  GHashTable   *pages;     /* page index → GBytes */
  char         *problem;   /* the first read error of the stream */
  GByteArray   *added;
  GArray       *pieces;    /* of Piece, sorted by start, none empty */
  guint64       length;
  GQueue        undo;      /* of GArray, latest first */
  GQueue        redo;
  guint64       typing_at; /* where the next byte would continue the last edit */
  guint         has_lost_steps : 1;  /* of undo: what was there at first is out of reach */
};

G_DEFINE_FINAL_TYPE (InspectorByteBuffer, inspector_byte_buffer, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
update_starts (InspectorByteBuffer *self)
{
  guint64 start = 0;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      Piece *piece = &g_array_index (self->pieces, Piece, i);

      piece->start = start;
      start += piece->length;
    }
  self->length = start;
}

static void
append_piece (GArray      *pieces,
              const Piece *piece)
{
  if (piece->length == 0)
    return;

  if (pieces->len > 0)
    {
      Piece *last = &g_array_index (pieces, Piece, pieces->len - 1);

      if (last->is_added == piece->is_added && last->offset + last->length == piece->offset)
        {
          last->length += piece->length;
          return;
        }
    }
  g_array_append_val (pieces, *piece);
}

static GArray *
copy_pieces (GArray *pieces)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (Piece), pieces->len);

  if (pieces->len > 0)
    g_array_append_vals (copy, pieces->data, pieces->len);
  return copy;
}

static guint
find_piece (InspectorByteBuffer *self,
            guint64              offset)
{
  guint low = 0;
  guint high = self->pieces->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->pieces, Piece, middle).start <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static GBytes *
load_page (InspectorByteBuffer *self,
           guint64              number)
{
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize n_read = 0;
  GBytes *page = g_hash_table_lookup (self->pages, &number);

  if (page != NULL)
    return page;

  if (g_hash_table_size (self->pages) >= MAX_PAGES)
    g_hash_table_remove_all (self->pages);

  bytes = g_malloc0 (PAGE_BYTES);
  if (!g_seekable_seek (G_SEEKABLE (self->stream), number * PAGE_BYTES, G_SEEK_SET, NULL, &error) ||
      !g_input_stream_read_all (self->stream, bytes, PAGE_BYTES, &n_read, NULL, &error))
    {
      if (self->problem == NULL)
        self->problem = g_strdup (error->message);
    }

  page = g_bytes_new_take (g_steal_pointer (&bytes), PAGE_BYTES);
  g_hash_table_insert (self->pages, g_memdup2 (&number, sizeof number), page);
  return page;
}

static void
read_original (InspectorByteBuffer *self,
               guint64              offset,
               guint8              *bytes,
               gsize                n_bytes)
{
  if (self->original != NULL)
    {
      memcpy (bytes, (const guint8 *) g_bytes_get_data (self->original, NULL) + offset, n_bytes);
      return;
    }

  while (n_bytes > 0)
    {
      gsize within = offset % PAGE_BYTES;
      gsize n_copied = MIN (n_bytes, PAGE_BYTES - within);
      GBytes *page = load_page (self, offset / PAGE_BYTES);

      memcpy (bytes, (const guint8 *) g_bytes_get_data (page, NULL) + within, n_copied);
      bytes += n_copied;
      offset += n_copied;
      n_bytes -= n_copied;
    }
}

static void
inspector_byte_buffer_finalize (GObject *object)
{
  InspectorByteBuffer *self = INSPECTOR_BYTE_BUFFER (object);

  g_clear_pointer (&self->original, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->pages, g_hash_table_unref);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->added, g_byte_array_unref);
  g_clear_pointer (&self->pieces, g_array_unref);
  g_queue_clear_full (&self->undo, (GDestroyNotify) g_array_unref);
  g_queue_clear_full (&self->redo, (GDestroyNotify) g_array_unref);

  G_OBJECT_CLASS (inspector_byte_buffer_parent_class)->finalize (object);
}

static void
inspector_byte_buffer_class_init (InspectorByteBufferClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inspector_byte_buffer_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
inspector_byte_buffer_init (InspectorByteBuffer *self)
{
  self->pages = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_bytes_unref);
  self->added = g_byte_array_new ();
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->typing_at = G_MAXUINT64;
  g_queue_init (&self->undo);
  g_queue_init (&self->redo);
}

InspectorByteBuffer *
inspector_byte_buffer_new (GBytes *bytes)
{
  InspectorByteBuffer *self = g_object_new (INSPECTOR_TYPE_BYTE_BUFFER, NULL);
  Piece piece = { 0, };

  self->original = bytes != NULL ? g_bytes_ref (bytes) : g_bytes_new (NULL, 0);
  piece.length = g_bytes_get_size (self->original);
  append_piece (self->pieces, &piece);
  update_starts (self);
  return self;
}

InspectorByteBuffer *
inspector_byte_buffer_new_for_stream (GInputStream *stream,
                                      guint64       n_bytes)
{
  InspectorByteBuffer *self = NULL;
  Piece piece = { 0, };

  g_return_val_if_fail (G_IS_SEEKABLE (stream), NULL);

  self = g_object_new (INSPECTOR_TYPE_BYTE_BUFFER, NULL);
  self->stream = g_object_ref (stream);
  piece.length = n_bytes;
  append_piece (self->pieces, &piece);
  update_starts (self);
  return self;
}

guint64
inspector_byte_buffer_get_length (InspectorByteBuffer *self)
{
  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), 0);

  return self->length;
}

gsize
inspector_byte_buffer_read (InspectorByteBuffer *self,
                            guint64              offset,
                            guint8              *bytes,
                            gsize                n_bytes)
{
  gsize n_done = 0;

  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), 0);

  if (offset >= self->length)
    return 0;
  n_bytes = MIN (n_bytes, self->length - offset);

  for (guint i = find_piece (self, offset); n_done < n_bytes; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);
      guint64 within = offset + n_done - piece->start;
      gsize n_copied = MIN (n_bytes - n_done, piece->length - within);

      if (piece->is_added)
        memcpy (bytes + n_done, self->added->data + piece->offset + within, n_copied);
      else
        read_original (self, piece->offset + within, bytes + n_done, n_copied);
      n_done += n_copied;
    }
  return n_done;
}

/* The first match that begins at or after from, and before to */
gboolean
inspector_byte_buffer_find (InspectorByteBuffer *self,
                            const guint8        *pattern,
                            gsize                n_pattern,
                            guint64              from,
                            guint64              to,
                            guint64             *offset)
{
  g_autofree guint8 *window = NULL;
  gsize n_window;

  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), FALSE);

  if (n_pattern == 0 || n_pattern > self->length)
    return FALSE;

  n_window = PAGE_BYTES + n_pattern - 1;
  window = g_malloc (n_window);
  for (guint64 at = from; at < to && at + n_pattern <= self->length; at += PAGE_BYTES)
    {
      gsize n_read = inspector_byte_buffer_read (self, at, window, n_window);
      const guint8 *match = memmem (window, n_read, pattern, n_pattern);

      if (match != NULL)
        {
          *offset = at + (match - window);
          return *offset < to;
        }
    }
  return FALSE;
}

GBytes *
inspector_byte_buffer_dup_bytes (InspectorByteBuffer *self,
                                 guint64              offset,
                                 guint64              n_bytes)
{
  g_autofree guint8 *bytes = NULL;

  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), NULL);

  if (offset >= self->length)
    return g_bytes_new (NULL, 0);
  n_bytes = MIN (n_bytes, self->length - offset);

  if (self->original != NULL && self->pieces->len == 1 &&
      !g_array_index (self->pieces, Piece, 0).is_added)
    return g_bytes_new_from_bytes (self->original,
                                   g_array_index (self->pieces, Piece, 0).offset + offset, n_bytes);

  bytes = g_malloc (n_bytes);
  inspector_byte_buffer_read (self, offset, bytes, n_bytes);
  return g_bytes_new_take (g_steal_pointer (&bytes), n_bytes);
}

void
inspector_byte_buffer_replace (InspectorByteBuffer *self,
                               guint64              offset,
                               guint64              n_removed,
                               const guint8        *bytes,
                               gsize                n_inserted)
{
  g_autoptr(GArray) pieces = NULL;
  Piece insertion = { 0, };
  guint64 removed_end;
  gboolean continues;

  g_return_if_fail (INSPECTOR_IS_BYTE_BUFFER (self));
  g_return_if_fail (offset <= self->length);

  n_removed = MIN (n_removed, self->length - offset);
  if (n_removed == 0 && n_inserted == 0)
    return;

  removed_end = offset + n_removed;
  continues = n_inserted > 0 && offset == self->typing_at && !g_queue_is_empty (&self->undo);
  insertion.offset = self->added->len;
  insertion.length = n_inserted;
  insertion.is_added = TRUE;
  g_byte_array_append (self->added, bytes, n_inserted);

  pieces = g_array_sized_new (FALSE, FALSE, sizeof (Piece), self->pieces->len + 2);
  for (guint i = 0; i < self->pieces->len; i++)
    {
      Piece piece = g_array_index (self->pieces, Piece, i);
      guint64 end = piece.start + piece.length;

      if (piece.start < offset)
        {
          Piece head = piece;

          head.length = MIN (end, offset) - piece.start;
          append_piece (pieces, &head);
        }
      if (insertion.length > 0 && end >= offset)
        {
          append_piece (pieces, &insertion);
          insertion.length = 0;
        }
      if (end > removed_end)
        {
          guint64 n_cut = removed_end > piece.start ? removed_end - piece.start : 0;

          piece.offset += n_cut;
          piece.length -= n_cut;
          append_piece (pieces, &piece);
        }
    }
  append_piece (pieces, &insertion);

  if (!continues)
    {
      g_queue_push_head (&self->undo, copy_pieces (self->pieces));
      if (self->undo.length > MAX_UNDO_STEPS)
        {
          g_array_unref (g_queue_pop_tail (&self->undo));
          self->has_lost_steps = TRUE;
        }
    }
  g_queue_clear_full (&self->redo, (GDestroyNotify) g_array_unref);
  self->typing_at = n_inserted > 0 ? offset + n_inserted : G_MAXUINT64;

  g_array_unref (self->pieces);
  self->pieces = g_steal_pointer (&pieces);
  update_starts (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
inspector_byte_buffer_is_modified (InspectorByteBuffer *self)
{
  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), FALSE);

  return self->has_lost_steps || !g_queue_is_empty (&self->undo);
}

gboolean
inspector_byte_buffer_can_undo (InspectorByteBuffer *self)
{
  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), FALSE);

  return !g_queue_is_empty (&self->undo);
}

gboolean
inspector_byte_buffer_can_redo (InspectorByteBuffer *self)
{
  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), FALSE);

  return !g_queue_is_empty (&self->redo);
}

static void
swap_pieces (InspectorByteBuffer *self,
             GQueue              *from,
             GQueue              *to)
{
  if (g_queue_is_empty (from))
    return;

  g_queue_push_head (to, self->pieces);
  self->pieces = g_queue_pop_head (from);
  self->typing_at = G_MAXUINT64;
  update_starts (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
inspector_byte_buffer_undo (InspectorByteBuffer *self)
{
  g_return_if_fail (INSPECTOR_IS_BYTE_BUFFER (self));

  swap_pieces (self, &self->undo, &self->redo);
}

void
inspector_byte_buffer_redo (InspectorByteBuffer *self)
{
  g_return_if_fail (INSPECTOR_IS_BYTE_BUFFER (self));

  swap_pieces (self, &self->redo, &self->undo);
}

/* Why bytes of the stream are shown as zeros, or NULL */
const char *
inspector_byte_buffer_get_problem (InspectorByteBuffer *self)
{
  g_return_val_if_fail (INSPECTOR_IS_BYTE_BUFFER (self), NULL);

  return self->problem;
}
