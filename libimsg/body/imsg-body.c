/* imsg-body.c - the body of a message in one of its formats
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"

#include "imsg-problem-private.h"
#include "imsg-rtf-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgBodyFormat:
 * @IMSG_BODY_FORMAT_TEXT: plain text, `PR_BODY`
 * @IMSG_BODY_FORMAT_RTF: RTF, `PR_RTF_COMPRESSED`
 * @IMSG_BODY_FORMAT_HTML: HTML, `PR_HTML`
 *
 * The formats of a body, with the numbers of `PR_NATIVE_BODY_INFO`.
 *
 * Since: 1.0
 */

/**
 * IMsgBodyOrigin:
 * @IMSG_BODY_ORIGIN_STORED: the message has it in this format
 * @IMSG_BODY_ORIGIN_RTF: it was taken out of the RTF body or made of it
 * @IMSG_BODY_ORIGIN_HTML: it was made of the HTML body
 * @IMSG_BODY_ORIGIN_TEXT: it was made of the plain text
 *
 * What a body was made from.
 *
 * Since: 1.0
 */

/**
 * IMsgBody:
 *
 * The body of a message in one of its formats, and how it was come by.
 *
 * A message has up to three forms of one body, and what Outlook saved as HTML mostly lies inside
 * the RTF. [method@IMsg.Message.read_body] gives any of the three, converted where it must be, and
 * the body tells what it was made from, which code page its bytes were read in and why, and what
 * could not be read.
 *
 * A body is immutable and may cross threads.
 *
 * ```c
 * g_autoptr(GError) error = NULL;
 * g_autoptr(IMsgBody) body = imsg_message_read_body (message, IMSG_BODY_FORMAT_HTML, NULL, &error);
 *
 * if (body != NULL)
 *   {
 *     g_autofree char *html = imsg_body_dup_text (body);
 *
 *     g_print ("%s", html);
 *   }
 * ```
 *
 * Since: 1.0
 */
struct _IMsgBody
{
  gatomicrefcount ref_count;
  GBytes         *bytes;
  GPtrArray      *trace;     /* (element-type utf8) */
  GPtrArray      *problems;  /* (element-type IMsgProblem) */
  IMsgBodyFormat  format;
  IMsgBodyOrigin  origin;
  guint           code_page;
};

G_DEFINE_BOXED_TYPE (IMsgBody, imsg_body, imsg_body_ref, imsg_body_unref)

IMsgBody *
_imsg_body_new (IMsgBodyFormat  format,
                IMsgBodyOrigin  origin,
                GBytes         *bytes,
                guint           code_page,
                GPtrArray      *trace,
                GPtrArray      *problems)
{
  IMsgBody *self = g_new0 (IMsgBody, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->format = format;
  self->origin = origin;
  self->bytes = bytes;
  self->code_page = code_page;
  self->trace = trace != NULL ? trace : g_ptr_array_new_with_free_func (g_free);
  self->problems = problems != NULL ? problems : _imsg_problem_list_new ();
  return self;
}

void
_imsg_body_tell_cut (GPtrArray  *problems,
                     const char *place,
                     gsize       max_bytes)
{
  _imsg_problem_list_tell (problems, place, IMSG_ERROR_TOO_BIG,
                           g_dngettext (GETTEXT_PACKAGE,
                                        "Cut off at the limit of %zu byte",
                                        "Cut off at the limit of %zu bytes",
                                        max_bytes),
                           max_bytes);
}

/**
 * imsg_body_ref:
 * @self: a body
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 * Since: 1.0
 */
IMsgBody *
imsg_body_ref (IMsgBody *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * imsg_body_unref:
 * @self: (transfer full): a body
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
imsg_body_unref (IMsgBody *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    {
      g_bytes_unref (self->bytes);
      g_ptr_array_unref (self->trace);
      g_ptr_array_unref (self->problems);
      g_free (self);
    }
}

/**
 * imsg_body_get_format:
 * @self: a body
 *
 * Tells the format.
 *
 * Returns: the format that was asked for
 * Since: 1.0
 */
IMsgBodyFormat
imsg_body_get_format (const IMsgBody *self)
{
  g_return_val_if_fail (self != NULL, IMSG_BODY_FORMAT_TEXT);

  return self->format;
}

/**
 * imsg_body_get_origin:
 * @self: a body
 *
 * Tells what the body was made from.
 *
 * Returns: the form that the message has
 * Since: 1.0
 */
IMsgBodyOrigin
imsg_body_get_origin (const IMsgBody *self)
{
  g_return_val_if_fail (self != NULL, IMSG_BODY_ORIGIN_STORED);

  return self->origin;
}

/**
 * imsg_body_get_bytes:
 * @self: a body
 *
 * Gives the body as bytes.
 *
 * Text and HTML are UTF-8 whatever they are stored in; a `meta` element in the HTML is left as it
 * is and may name another charset. RTF is decompressed, byte for byte.
 *
 * Returns: (transfer none): the bytes
 * Since: 1.0
 */
GBytes *
imsg_body_get_bytes (const IMsgBody *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * imsg_body_dup_text:
 * @self: a body
 *
 * Gives the body as text.
 *
 * NULs inside are left out. Of RTF it is the 7-bit form, which means the same to every reader: bytes
 * over 127 are written `\'xx`, those behind `\bin` as hexadecimal digits.
 *
 * Returns: (transfer full): UTF-8
 * Since: 1.0
 */
char *
imsg_body_dup_text (const IMsgBody *self)
{
  GString *text;
  const char *bytes;
  gsize n_bytes;

  g_return_val_if_fail (self != NULL, NULL);

  bytes = g_bytes_get_data (self->bytes, &n_bytes);
  if (self->format == IMSG_BODY_FORMAT_RTF)
    return _imsg_rtf_to_seven_bit ((const guint8 *) bytes, n_bytes);
  text = g_string_sized_new (n_bytes + 1);
  for (gsize i = 0; i < n_bytes; i++)
    {
      const char *nul = memchr (bytes + i, '\0', n_bytes - i);
      gsize end = nul != NULL ? (gsize) (nul - bytes) : n_bytes;

      g_string_append_len (text, bytes + i, end - i);
      i = end;
    }
  return g_string_free (text, FALSE);
}

/**
 * imsg_body_get_code_page:
 * @self: a body
 *
 * Tells the code page that the stored bytes were read in.
 *
 * It is 1200 for what is stored as Unicode, and 65001 for what was converted.
 *
 * Returns: a Windows code page, or 0 for RTF, where each font has its own
 * Since: 1.0
 */
guint
imsg_body_get_code_page (const IMsgBody *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->code_page;
}

/**
 * imsg_body_get_trace:
 * @self: a body
 *
 * Tells how the source and the code page were chosen, a sentence for each step.
 *
 * Returns: (transfer full) (array zero-terminated=1): the steps, in the language that the program
 *   had set when the body was read
 * Since: 1.0
 */
char **
imsg_body_get_trace (const IMsgBody *self)
{
  g_autoptr(GStrvBuilder) builder = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  builder = g_strv_builder_new ();
  for (guint i = 0; i < self->trace->len; i++)
    g_strv_builder_add (builder, self->trace->pdata[i]);
  return g_strv_builder_end (builder);
}

/**
 * imsg_body_list_problems:
 * @self: a body
 *
 * Lists what is wrong with what the body was made from.
 *
 * Returns: (transfer container) (element-type IMsgProblem): the problems, empty when there are none
 * Since: 1.0
 */
GPtrArray *
imsg_body_list_problems (const IMsgBody *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_ptr_array_copy (self->problems, (GCopyFunc) (void (*) (void)) imsg_problem_ref, NULL);
}
