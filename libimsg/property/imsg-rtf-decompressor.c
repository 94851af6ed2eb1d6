/* imsg-rtf-decompressor.c - RTF out of its compressed form, piece by piece
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-rtf-decompressor.h"

#include <string.h>

#include "imsg-crc-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-problem-private.h"
#include "imsg-rtf-compression-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define PLACE "PR_RTF_COMPRESSED"

/* The fields that COMPSIZE counts besides the contents */
#define COUNTED_HEADER_SIZE 12
/* A control byte and eight references, and the most that comes out of them */
#define MAX_GROUP_INPUT 17
#define MAX_GROUP_OUTPUT (8 * 17)
#define MAX_REFERENCE_OUTPUT 17
#define WINDOW_SIZE (32 * 1024)

/**
 * IMsgRtfDecompressor:
 *
 * Decompresses RTF piece by piece, from the compressed (`LZFu`) or the stored (`MELA`) form.
 *
 * It is a converter for a [class@Gio.ConverterInputStream] over the stream of
 * `PR_RTF_COMPRESSED`, and holds 36 KiB however much passes through. What comes out is never
 * more than 8 times what goes in. Bytes that follow the contents are left unread.
 *
 * Wrong sizes, a wrong checksum, a missing end and references to nothing are problems, which
 * [method@IMsg.RtfDecompressor.list_problems] lists once the end was reached; they do not keep what
 * can be read from being read. Converting fails with `IMSG_ERROR_CORRUPT_DATA` when there is no
 * header or its type is unknown.
 *
 * ```c
 * g_autoptr(GInputStream) compressed =
 *   imsg_property_object_open_stream (IMSG_PROPERTY_OBJECT (message), IMSG_PR_RTF_COMPRESSED, NULL,
 *                                     &error);
 * g_autoptr(IMsgRtfDecompressor) decompressor = imsg_rtf_decompressor_new ();
 * g_autoptr(GInputStream) rtf =
 *   g_converter_input_stream_new (compressed, G_CONVERTER (decompressor));
 *
 * g_output_stream_splice (output, rtf, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
 * ```
 *
 * Source: `WrapCompressedRTFStream`; [MS-OXRTFCP].
 *
 * Since: 1.0
 */
struct _IMsgRtfDecompressor
{
  GObject parent_instance;

  GPtrArray *problems;
  /* A ring's worth of what came out last, then what came out since and may be on its way still */
  guint8    *window;
  gsize      at;              /* where the window is written */
  gsize      delivered;       /* up to where it was handed out */
  guint64    n_out;           /* all that came out */
  guint64    n_contents;      /* read after the header */
  guint64    n_expected;      /* contents that the header tells of */
  guint64    n_undefined;     /* references to where nothing was written */
  guint32    compressed_size;
  guint32    raw_size;
  guint32    type;
  guint32    expected_crc;
  guint32    crc;
  guint8     header[IMSG_RTF_HEADER_SIZE];
  guint8     n_header;
  guint8     control;         /* the flags of the tokens to come, lowest first */
  guint8     n_tokens;        /* tokens of the group to come */
  guint8     reference_head;  /* the first byte of a reference whose second is to come */
  guint      has_reference_head : 1;
  guint      has_ended : 1;   /* the end marker came */
  guint      is_finished : 1;
};

static void imsg_rtf_decompressor_converter_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgRtfDecompressor, imsg_rtf_decompressor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER,
                                                      imsg_rtf_decompressor_converter_init))

static void
restart (IMsgRtfDecompressor *self)
{
  gsize n_spaces = IMSG_RTF_RING_SIZE - IMSG_RTF_PRESET_SIZE;

  g_ptr_array_set_size (self->problems, 0);
  /* What was never written reads as spaces. */
  memset (self->window, ' ', n_spaces);
  memcpy (self->window + n_spaces, _imsg_rtf_preset, IMSG_RTF_PRESET_SIZE);
  self->at = IMSG_RTF_RING_SIZE;
  self->delivered = IMSG_RTF_RING_SIZE;
  self->n_out = 0;
  self->n_contents = 0;
  self->n_expected = 0;
  self->n_undefined = 0;
  self->crc = 0;
  self->n_header = 0;
  self->n_tokens = 0;
  self->has_reference_head = FALSE;
  self->has_ended = FALSE;
  self->is_finished = FALSE;
}

static gboolean
read_header (IMsgRtfDecompressor  *self,
             const guint8        **in,
             gsize                *n_in,
             GError              **error)
{
  gsize n = MIN (*n_in, (gsize) IMSG_RTF_HEADER_SIZE - self->n_header);

  if (n == 0)
    return TRUE;
  memcpy (self->header + self->n_header, *in, n);
  self->n_header += n;
  *in += n;
  *n_in -= n;
  if (self->n_header < IMSG_RTF_HEADER_SIZE)
    return TRUE;

  /* 0 · 4 · bytes that follow this field; 4 · 4 · bytes of RTF; 8 · 4 · type; 12 · 4 · CRC */
  self->compressed_size = _imsg_get_u32 (self->header);
  self->raw_size = _imsg_get_u32 (self->header + 4);
  self->type = _imsg_get_u32 (self->header + 8);
  self->expected_crc = _imsg_get_u32 (self->header + 12);
  if (self->type != IMSG_RTF_TYPE_COMPRESSED && self->type != IMSG_RTF_TYPE_STORED)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   _("Compressed RTF of the unknown type 0x%08X"), self->type);
      return FALSE;
    }
  /* A size that cannot be is none: then the contents go on to the end. */
  self->n_expected = self->compressed_size >= COUNTED_HEADER_SIZE
                     ? self->compressed_size - COUNTED_HEADER_SIZE : G_MAXUINT64;
  return TRUE;
}

/* Writes what a reference stands for at the window's write position; FALSE for the end marker. */
static inline gboolean
expand_reference (IMsgRtfDecompressor *self,
                  gsize               *at,
                  guint64              n_out,
                  guint                token)
{
  guint8 *target = self->window + *at;
  gsize length = (token & 0xF) + 2;
  gsize distance = (IMSG_RTF_PRESET_SIZE + n_out - (token >> 4)) % IMSG_RTF_RING_SIZE;
  const guint8 *from = target - distance;

  if (distance == 0)
    return FALSE;
  if (distance > IMSG_RTF_PRESET_SIZE + n_out)
    self->n_undefined++;
  if (distance >= 16)
    {
      /* All 17 bytes always: what is too much is written over. */
      memcpy (target, from, 16);
      target[16] = from[16];
    }
  else
    {
      for (gsize i = 0; i < length; i++)
        target[i] = from[i];
    }
  *at += length;
  return TRUE;
}

/* Whole groups, for which neither input nor room can run out on the way */
static const guint8 *
expand_groups (IMsgRtfDecompressor *self,
               const guint8        *in,
               const guint8        *end)
{
  gsize at = self->at;
  /* How much came out by a position, less the position, stays the same. */
  const guint64 base = self->n_out - at;

  while (!self->has_ended && end - in >= MAX_GROUP_INPUT &&
         at + MAX_GROUP_OUTPUT <= IMSG_RTF_RING_SIZE + WINDOW_SIZE)
    {
      guint control = *in++;

      for (guint i = 0; i < 8; i++, control >>= 1)
        {
          if ((control & 1) == 0)
            {
              self->window[at++] = *in++;
              continue;
            }
          in += 2;
          if (!expand_reference (self, &at, base + at, in[-2] << 8 | in[-1]))
            {
              self->has_ended = TRUE;
              break;
            }
        }
    }
  self->n_out = base + at;
  self->at = at;
  return in;
}

/* One byte after the other, for the last group and where the input comes in small pieces */
static const guint8 *
expand_bytes (IMsgRtfDecompressor *self,
              const guint8        *in,
              const guint8        *end)
{
  while (in < end && !self->has_ended &&
         self->at + MAX_REFERENCE_OUTPUT <= IMSG_RTF_RING_SIZE + WINDOW_SIZE)
    {
      gsize at = self->at;
      guint8 byte;

      if (self->n_tokens == 0 && end - in >= MAX_GROUP_INPUT &&
          at + MAX_GROUP_OUTPUT <= IMSG_RTF_RING_SIZE + WINDOW_SIZE)
        break;
      byte = *in++;
      if (self->n_tokens == 0)
        {
          self->control = byte;
          self->n_tokens = 8;
          continue;
        }
      if (self->has_reference_head)
        {
          self->has_reference_head = FALSE;
          self->has_ended = !expand_reference (self, &at, self->n_out,
                                               self->reference_head << 8 | byte);
        }
      else if (self->control & 1)
        {
          self->reference_head = byte;
          self->has_reference_head = TRUE;
          continue;
        }
      else
        self->window[at++] = byte;
      self->control >>= 1;
      self->n_tokens--;
      self->n_out += at - self->at;
      self->at = at;
    }
  return in;
}

/* Takes contents in, as far as the window has room; the bytes taken. After the end marker come
 * bytes that only the checksum covers. */
static gsize
take_compressed (IMsgRtfDecompressor *self,
                 const guint8        *in,
                 gsize                n_in)
{
  const guint8 *at = in;
  const guint8 *end = in + n_in;

  if (self->at + MAX_GROUP_OUTPUT > IMSG_RTF_RING_SIZE + WINDOW_SIZE &&
      self->delivered == self->at)
    {
      memmove (self->window, self->window + self->at - IMSG_RTF_RING_SIZE, IMSG_RTF_RING_SIZE);
      self->at = IMSG_RTF_RING_SIZE;
      self->delivered = IMSG_RTF_RING_SIZE;
    }
  while (at < end && !self->has_ended)
    {
      const guint8 *before = at;

      if (self->n_tokens == 0)
        at = expand_groups (self, at, end);
      if (at == before)
        at = expand_bytes (self, at, end);
      if (at == before)
        break;
    }
  if (self->has_ended)
    at = end;
  self->crc = _imsg_crc_continue (self->crc, in, at - in);
  return at - in;
}

/* Stored RTF passes through the window too, so that it is delivered by the same rules. */
static gsize
take_stored (IMsgRtfDecompressor *self,
             const guint8        *in,
             gsize                n_in)
{
  gsize n;

  if (self->n_out >= self->raw_size)
    return n_in;
  if (self->delivered == self->at)
    self->at = self->delivered = IMSG_RTF_RING_SIZE;
  n = MIN (n_in, IMSG_RTF_RING_SIZE + WINDOW_SIZE - self->at);
  n = MIN (n, self->raw_size - self->n_out);
  memcpy (self->window + self->at, in, n);
  self->at += n;
  self->n_out += n;
  return n;
}

/* The contents are over: what of the header was wrong shows now. */
static void
finish (IMsgRtfDecompressor *self)
{
  guint64 n_raw = self->type == IMSG_RTF_TYPE_STORED ? self->n_contents : self->n_out;

  self->is_finished = TRUE;
  /* Outlook writes an empty text as one NUL and says that it is no byte long. */
  if (self->raw_size == 0 && self->n_out == 1 && self->window[IMSG_RTF_RING_SIZE] == '\0')
    {
      self->delivered = self->at;
      n_raw = 0;
    }
  if (self->n_contents != self->n_expected)
    _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "The header says that %u byte follows, there are "
                                            "%" PRIu64,
                                          "The header says that %u bytes follow, there are "
                                            "%" PRIu64,
                                          self->compressed_size),
                             self->compressed_size, self->n_contents + COUNTED_HEADER_SIZE);
  if (self->type == IMSG_RTF_TYPE_COMPRESSED)
    {
      if (self->crc != self->expected_crc)
        _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                                 _("The header's checksum is %08X, the contents have %08X"),
                                 self->expected_crc, self->crc);
      if (self->n_undefined > 0)
        _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                                 g_dngettext (GETTEXT_PACKAGE,
                                              "%" PRIu64 " reference goes to where nothing was "
                                                "written yet",
                                              "%" PRIu64 " references go to where nothing was "
                                                "written yet",
                                              self->n_undefined),
                                 self->n_undefined);
      if (!self->has_ended)
        _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                                 g_dngettext (GETTEXT_PACKAGE,
                                              "The contents end after %" PRIu64 " byte with no end "
                                                "marker",
                                              "The contents end after %" PRIu64 " bytes with no "
                                                "end marker",
                                              self->n_contents),
                                 self->n_contents);
    }
  if (self->raw_size != n_raw)
    _imsg_problem_list_tell (self->problems, PLACE, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "The header says %u byte, %" PRIu64 " came out",
                                          "The header says %u bytes, %" PRIu64 " came out",
                                          self->raw_size),
                             self->raw_size, n_raw);
}

static gsize
deliver (IMsgRtfDecompressor *self,
         guint8              *out,
         gsize                n_out)
{
  gsize n = MIN (n_out, self->at - self->delivered);

  /* A lone NUL may turn out to stand for no text at all. */
  if (self->raw_size == 0 && self->n_out == 1 && !self->is_finished)
    return 0;
  memcpy (out, self->window + self->delivered, n);
  self->delivered += n;
  return n;
}

static GConverterResult
imsg_rtf_decompressor_convert (GConverter       *converter,
                               const void       *inbuf,
                               gsize             inbuf_size,
                               void             *outbuf,
                               gsize             outbuf_size,
                               GConverterFlags   flags,
                               gsize            *bytes_read,
                               gsize            *bytes_written,
                               GError          **error)
{
  IMsgRtfDecompressor *self = IMSG_RTF_DECOMPRESSOR (converter);
  const guint8 *in = inbuf;
  gsize n_in = inbuf_size;
  guint8 *out = outbuf;
  gsize n_out = outbuf_size;

  *bytes_read = 0;
  *bytes_written = 0;
  if (n_out == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No room for the RTF");
      return G_CONVERTER_ERROR;
    }
  if (self->n_header < IMSG_RTF_HEADER_SIZE && !read_header (self, &in, &n_in, error))
    return G_CONVERTER_ERROR;
  if (self->n_header < IMSG_RTF_HEADER_SIZE && (flags & G_CONVERTER_INPUT_AT_END) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                   g_dngettext (GETTEXT_PACKAGE,
                                "Compressed RTF of %u byte; its header alone has %d",
                                "Compressed RTF of %u bytes; its header alone has %d",
                                self->n_header),
                   self->n_header, IMSG_RTF_HEADER_SIZE);
      return G_CONVERTER_ERROR;
    }

  while (self->n_header == IMSG_RTF_HEADER_SIZE && n_out > 0)
    {
      gsize n = MIN (n_in, self->n_expected - self->n_contents);
      gsize n_delivered;

      if (self->type == IMSG_RTF_TYPE_STORED)
        n = take_stored (self, in, n);
      else
        n = take_compressed (self, in, n);
      in += n;
      n_in -= n;
      self->n_contents += n;
      if (!self->is_finished &&
          (self->n_contents == self->n_expected ||
           (n_in == 0 && (flags & G_CONVERTER_INPUT_AT_END) != 0)))
        finish (self);
      n_delivered = deliver (self, out, n_out);
      out += n_delivered;
      n_out -= n_delivered;
      if (n == 0 && n_delivered == 0)
        break;
    }

  *bytes_read = inbuf_size - n_in;
  *bytes_written = outbuf_size - n_out;
  if (self->is_finished && self->delivered == self->at)
    return G_CONVERTER_FINISHED;
  if (*bytes_read == 0 && *bytes_written == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "More input is needed");
      return G_CONVERTER_ERROR;
    }
  return G_CONVERTER_CONVERTED;
}

static void
imsg_rtf_decompressor_reset (GConverter *converter)
{
  restart (IMSG_RTF_DECOMPRESSOR (converter));
}

static void
imsg_rtf_decompressor_converter_init (GConverterIface *iface)
{
  iface->convert = imsg_rtf_decompressor_convert;
  iface->reset = imsg_rtf_decompressor_reset;
}

static void
imsg_rtf_decompressor_finalize (GObject *object)
{
  IMsgRtfDecompressor *self = IMSG_RTF_DECOMPRESSOR (object);

  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->window, g_free);
  G_OBJECT_CLASS (imsg_rtf_decompressor_parent_class)->finalize (object);
}

static void
imsg_rtf_decompressor_class_init (IMsgRtfDecompressorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imsg_rtf_decompressor_finalize;
}

static void
imsg_rtf_decompressor_init (IMsgRtfDecompressor *self)
{
  self->problems = _imsg_problem_list_new ();
  self->window = g_malloc (IMSG_RTF_RING_SIZE + WINDOW_SIZE + MAX_REFERENCE_OUTPUT);
  restart (self);
}

/**
 * imsg_rtf_decompressor_new:
 *
 * Creates a converter for compressed RTF.
 *
 * Returns: (transfer full): a converter
 * Since: 1.0
 */
IMsgRtfDecompressor *
imsg_rtf_decompressor_new (void)
{
  return g_object_new (IMSG_TYPE_RTF_DECOMPRESSOR, NULL);
}

/**
 * imsg_rtf_decompressor_list_problems:
 * @self: a converter that has finished
 *
 * Lists what was wrong with the compressed RTF.
 *
 * It is empty until the end of the RTF was read.
 *
 * Returns: (transfer container) (element-type IMsgProblem): the problems
 * Since: 1.0
 */
GPtrArray *
imsg_rtf_decompressor_list_problems (IMsgRtfDecompressor *self)
{
  g_return_val_if_fail (IMSG_IS_RTF_DECOMPRESSOR (self), NULL);

  return g_ptr_array_copy (self->problems, (GCopyFunc) (void (*) (void)) imsg_problem_ref, NULL);
}
