/* imsg-body-source.c - what a message stores of its body, read
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-source-private.h"

#include "imsg-body-private.h"
#include "imsg-blob-private.h"
#include "imsg-code-page-private.h"
#include "imsg-message-private.h"
#include "imsg-problem-private.h"
#include "imsg-property-tags.h"
#include "imsg-rtf-compression-private.h"
#include "imsg-session.h"
#include "imsg-storage-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Enough of the RTF to see what it holds */
#define RTF_HEAD_SIZE 1024

/* One form of the body: where its bytes are, and under which tag */
typedef struct
{
  IMsgBlob *blob;
  guint32   tag;
} Source;

static void
source_clear (Source *source)
{
  g_clear_pointer (&source->blob, _imsg_blob_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, source_clear)

void
_imsg_body_reading_init (IMsgBodyReading *self,
                         IMsgMessage     *message,
                         GCancellable    *cancellable)
{
  memset (self, 0, sizeof *self);
  self->message = message;
  self->cancellable = cancellable;
  self->trace = g_ptr_array_new_with_free_func (g_free);
  self->problems = _imsg_problem_list_new ();
}

void
_imsg_body_reading_clear (IMsgBodyReading *self)
{
  g_clear_pointer (&self->trace, g_ptr_array_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
}

void
_imsg_body_reading_add_step (IMsgBodyReading *self,
                             const char      *format,
                             ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->trace, g_strdup_vprintf (format, args));
  va_end (args);
}

guint64
_imsg_body_reading_get_limit (IMsgBodyReading *self,
                              IMsgLimit        limit)
{
  IMsgSession *session = imsg_message_get_session (self->message);

  return session != NULL ? imsg_session_get_limit (session, limit) : imsg_limit_get_default (limit);
}

/* Whether an error ends the reading, instead of being a problem of one property. */
static gboolean
is_fatal (const GError *error)
{
  return error->domain != IMSG_ERROR || error->code == IMSG_ERROR_CLOSED ||
         error->code == IMSG_ERROR_OBJECT_DELETED || error->code == IMSG_ERROR_CANCELLED;
}

static void
tell_problem (IMsgBodyReading *self,
              guint32          tag,
              const GError    *error)
{
  g_autofree char *where = g_strdup_printf ("0x%08X", tag);

  _imsg_problem_list_add (self->problems, _imsg_problem_new_error (where, error));
  _imsg_body_reading_add_step (self, _("0x%08X cannot be read: %s"), tag, error->message);
}

static void
refuse_type (IMsgBodyReading *self,
             guint32          tag)
{
  g_autoptr(GError) error = g_error_new (IMSG_ERROR, IMSG_ERROR_UNEXPECTED_TYPE,
                                         _("A body of the type 0x%04X"), IMSG_TAG_TYPE (tag));

  tell_problem (self, tag, error);
}

/* FALSE with the error set when it ends the reading; any other becomes a problem. */
static gboolean
survive (IMsgBodyReading  *self,
         guint32           tag,
         GError           *local_error,
         GError          **error)
{
  if (is_fatal (local_error))
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  tell_problem (self, tag, local_error);
  g_error_free (local_error);
  return TRUE;
}

static const guint32 bodies[] = { IMSG_PR_BODY, IMSG_PR_HTML, IMSG_PR_RTF_COMPRESSED };

/* Whether streams may count that no entry names: only when no entry names any body, as where
 * somebody damaged the entries. What an edit took away is not there. */
static gboolean
may_have_unnamed (IMsgPropertyObject *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      if (imsg_property_object_find_tag (object, bodies[i]) != 0 ||
          _imsg_property_object_find_edit (object, IMSG_TAG_ID (bodies[i])) != NULL)
        return FALSE;
    }
  return imsg_property_object_get_storage (object) != NULL;
}

static const guint unnamed_types[] = { IMSG_PROPERTY_TYPE_UNICODE, IMSG_PROPERTY_TYPE_STRING8,
                                       IMSG_PROPERTY_TYPE_BINARY };

static gboolean
find_unnamed (IMsgMessage *message,
              guint        id,
              Source      *source,
              char         name[IMSG_SUBSTG_NAME_SIZE])
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  if (!may_have_unnamed (object))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (unnamed_types) && source->blob == NULL; i++)
    {
      source->tag = IMSG_TAG (unnamed_types[i], id);
      _imsg_substg_name (source->tag, name);
      source->blob = _imsg_storage_get_blob (imsg_property_object_get_storage (object), name, NULL);
    }
  return source->blob != NULL;
}

GPtrArray *
_imsg_body_list_unnamed (IMsgMessage *message)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (bodies) && may_have_unnamed (object); i++)
    {
      for (guint k = 0; k < G_N_ELEMENTS (unnamed_types); k++)
        {
          char name[IMSG_SUBSTG_NAME_SIZE];

          _imsg_substg_name (IMSG_TAG (unnamed_types[k], IMSG_TAG_ID (bodies[i])), name);
          if (_imsg_storage_lookup (imsg_property_object_get_storage (object), name, NULL, NULL))
            g_ptr_array_add (names, g_strdup (name));
        }
    }
  return names;
}

gboolean
_imsg_body_clear_unnamed (IMsgMessage  *message,
                          GPtrArray    *names,
                          GError      **error)
{
  IMsgStorage *storage = imsg_property_object_get_storage (IMSG_PROPERTY_OBJECT (message));

  for (guint i = 0; i < names->len; i++)
    {
      if (!_imsg_storage_clear (storage, names->pdata[i], error))
        return FALSE;
    }
  return TRUE;
}

/* Where a form of the body is; TRUE with no blob when it is absent or empty, or cannot be had. */
static gboolean
find_source (IMsgBodyReading  *self,
             guint32           tag,
             Source           *source,
             GError          **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self->message);
  IMsgPropertySlot slot;
  GError *local_error = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  memset (source, 0, sizeof *source);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (_imsg_property_object_lookup (object, tag, &slot))
    {
      source->tag = slot.tag;
      source->blob = _imsg_property_slot_open (object, &slot, &local_error);
      if (source->blob == NULL)
        {
          /* Text of which no stream is there is empty text. */
          if (g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND))
            {
              gboolean is_text = imsg_property_tag_is_text (slot.tag);

              g_clear_error (&local_error);
              if (is_text)
                return TRUE;
              local_error = g_error_new (IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                                         _("An entry names the body, but its stream is missing"));
            }
          return survive (self, slot.tag, local_error, error);
        }
    }
  else if (find_unnamed (self->message, IMSG_TAG_ID (tag), source, name) &&
           self->told_unnamed != source->tag)
    {
      self->told_unnamed = source->tag;
      local_error = g_error_new (IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                                 _("A stream holds the body, but no entry names it"));
      tell_problem (self, source->tag, local_error);
      g_error_free (local_error);
    }
  if (source->blob != NULL && _imsg_blob_get_size (source->blob) == 0)
    source_clear (source);
  return TRUE;
}

static GBytes *
read_source (IMsgBodyReading  *self,
             Source           *source,
             GError          **error)
{
  g_autoptr(GBytes) bytes = NULL;
  GError *local_error = NULL;

  bytes = _imsg_blob_read_all (source->blob,
                               _imsg_body_reading_get_limit (self, IMSG_LIMIT_VALUE_BYTES),
                               self->cancellable, &local_error);
  if (bytes == NULL)
    survive (self, source->tag, local_error, error);
  return g_steal_pointer (&bytes);
}

/* Text without the NULs at its end; NULL when nothing is left. Cut at the limit. */
static GBytes *
finish_text (IMsgBodyReading *self,
             char            *text,
             gsize            length,
             gsize            n_replaced,
             guint32          tag)
{
  guint64 limit = _imsg_body_reading_get_limit (self, IMSG_LIMIT_HTML_BYTES);
  g_autofree char *where = g_strdup_printf ("0x%08X", tag);

  while (length > 0 && text[length - 1] == '\0')
    length--;
  if (length == 0)
    {
      g_free (text);
      return NULL;
    }
  if (length > limit)
    {
      length = limit;
      while (length > 0 && ((guint8) text[length] & 0xC0) == 0x80)
        length--;
      _imsg_problem_list_tell (self->problems, where, IMSG_ERROR_TOO_BIG,
                               g_dngettext (GETTEXT_PACKAGE,
                                            "Cut off at the limit of %" PRIu64 " byte",
                                            "Cut off at the limit of %" PRIu64 " bytes",
                                            limit),
                               limit);
    }
  if (n_replaced > 0)
    _imsg_problem_list_tell (self->problems, where, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "%zu character cannot be decoded",
                                          "%zu characters cannot be decoded",
                                          n_replaced),
                             n_replaced);
  return g_bytes_new_take (text, length);
}

static GBytes *
decode (IMsgBodyReading *self,
        GBytes          *stored,
        guint32          tag,
        guint            code_page)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (stored, &n_bytes);
  gsize length;
  gsize n_replaced;
  char *text = _imsg_code_page_decode (code_page, bytes, n_bytes, &length, &n_replaced);

  /* A byte order mark is no part of the text. */
  if (length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    {
      length -= 3;
      memmove (text, text + 3, length + 1);
    }
  return finish_text (self, text, length, n_replaced, tag);
}

GBytes *
_imsg_body_reading_read_text (IMsgBodyReading  *self,
                              guint            *code_page,
                              GError          **error)
{
  g_auto(Source) source = { 0 };
  g_autoptr(GBytes) stored = NULL;
  GBytes *text;

  if (!find_source (self, IMSG_PR_BODY, &source, error) || source.blob == NULL)
    return NULL;
  switch (IMSG_TAG_TYPE (source.tag))
    {
    case IMSG_PROPERTY_TYPE_UNICODE:
      *code_page = IMSG_CODE_PAGE_UTF16LE;
      break;
    case IMSG_PROPERTY_TYPE_STRING8:
      *code_page = self->code_page != 0 ? self->code_page
                                        : imsg_message_get_code_page (self->message);
      break;
    default:
      refuse_type (self, source.tag);
      return NULL;
    }
  stored = read_source (self, &source, error);
  text = stored != NULL ? decode (self, stored, source.tag, *code_page) : NULL;
  if (text != NULL)
    _imsg_body_reading_add_step (self, _("PR_BODY is stored, in %u (%s)"), *code_page,
                                 _imsg_code_page_get_charset (*code_page) != NULL
                                   ? _imsg_code_page_get_charset (*code_page)
                                   : "?");
  return text;
}

/* Whether the page of the texts is more than a guess for a body. What was edited is in it. */
static gboolean
knows_code_page (IMsgMessage *message,
                 guint32      tag)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  return _imsg_property_object_find_edit (object, IMSG_TAG_ID (tag)) != NULL ||
         _imsg_message_knows_code_page (message);
}

/* The page of HTML that is stored as bytes or as 8-bit text */
static guint
choose_html_code_page (IMsgBodyReading *self,
                       guint32          tag,
                       GBytes          *stored)
{
  guint fallback = imsg_message_get_code_page (self->message);
  guint declared = imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (self->message),
                                                 IMSG_PR_INTERNET_CPID);
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (stored, &n_bytes);
  const char *who = "PR_INTERNET_CPID";

  if (self->code_page != 0)
    {
      _imsg_body_reading_add_step (self, _("The caller wants the HTML read in %u"),
                                   self->code_page);
      return self->code_page;
    }
  /* HTML as 8-bit text is in the page of the texts, not in that of the mail. */
  if (IMSG_TAG_TYPE (tag) == IMSG_PROPERTY_TYPE_STRING8)
    {
      who = _("The text of the message");
      declared = knows_code_page (self->message, tag) ? fallback : 0;
    }
  /* What is decoded has the NULs still: one may be half of a UTF-16 unit. */
  while (n_bytes > 0 && bytes[n_bytes - 1] == '\0')
    n_bytes--;
  return _imsg_html_choose_code_page (bytes, n_bytes, who, declared, fallback, self->trace);
}

GBytes *
_imsg_body_reading_read_html (IMsgBodyReading  *self,
                              guint            *code_page,
                              GError          **error)
{
  g_auto(Source) source = { 0 };
  g_autoptr(GBytes) stored = NULL;
  GBytes *html;

  if (!find_source (self, IMSG_PR_HTML, &source, error) || source.blob == NULL)
    return NULL;
  stored = read_source (self, &source, error);
  if (stored == NULL)
    return NULL;
  switch (IMSG_TAG_TYPE (source.tag))
    {
    case IMSG_PROPERTY_TYPE_UNICODE:
      *code_page = IMSG_CODE_PAGE_UTF16LE;
      _imsg_body_reading_add_step (self, _("0x%08X holds the HTML as Unicode"), source.tag);
      break;
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_BINARY:
      *code_page = choose_html_code_page (self, source.tag, stored);
      break;
    default:
      refuse_type (self, source.tag);
      return NULL;
    }
  html = decode (self, stored, source.tag, *code_page);
  if (html != NULL)
    _imsg_body_reading_add_step (self, _("0x%08X holds the HTML, read in %u"), source.tag,
                                 *code_page);
  return html;
}

static gboolean
find_rtf_source (IMsgBodyReading  *self,
                 Source           *source,
                 GError          **error)
{
  if (!find_source (self, IMSG_PR_RTF_COMPRESSED, source, error) || source->blob == NULL)
    return FALSE;
  if (IMSG_TAG_TYPE (source->tag) == IMSG_PROPERTY_TYPE_BINARY)
    return TRUE;
  refuse_type (self, source->tag);
  return FALSE;
}

GInputStream *
_imsg_body_reading_open_rtf (IMsgBodyReading  *self,
                             GError          **error)
{
  g_auto(Source) source = { 0 };

  if (!find_rtf_source (self, &source, error))
    return NULL;
  return _imsg_blob_open_stream (source.blob);
}

/* The RTF, up to a limit; NULL when there is none or it is no RTF. */
static GBytes *
read_rtf (IMsgBodyReading  *self,
          guint64           limit,
          GPtrArray        *problems,
          GError          **error)
{
  g_auto(Source) source = { 0 };
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) rtf = NULL;
  GError *local_error = NULL;

  if (!find_rtf_source (self, &source, error))
    return NULL;
  stream = _imsg_blob_open_stream (source.blob);
  rtf = _imsg_rtf_decompress_stream (stream, limit, problems, self->cancellable, &local_error);
  if (rtf == NULL)
    {
      survive (self, source.tag, local_error, error);
      return NULL;
    }
  return g_bytes_get_size (rtf) > 0 ? g_steal_pointer (&rtf) : NULL;
}

GBytes *
_imsg_body_reading_read_rtf (IMsgBodyReading  *self,
                             GError          **error)
{
  GBytes *rtf = read_rtf (self, _imsg_body_reading_get_limit (self, IMSG_LIMIT_RTF_BYTES),
                          self->problems, error);

  if (rtf != NULL)
    _imsg_body_reading_add_step (self,
                                 g_dngettext (GETTEXT_PACKAGE,
                                              "PR_RTF_COMPRESSED holds %zu byte of RTF",
                                              "PR_RTF_COMPRESSED holds %zu bytes of RTF",
                                              g_bytes_get_size (rtf)),
                                 g_bytes_get_size (rtf));
  return rtf;
}

IMsgRtfContent
_imsg_body_reading_peek_rtf (IMsgBodyReading  *self,
                             GError          **error)
{
  g_autoptr(GBytes) head = read_rtf (self, RTF_HEAD_SIZE, NULL, error);
  IMsgRtfContent content = head != NULL ? imsg_rtf_get_content (head) : IMSG_RTF_CONTENT_NONE;

  if (head != NULL && content == IMSG_RTF_CONTENT_NONE)
    {
      g_autoptr(GError) no_rtf =
        g_error_new (IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA, _("It does not begin as RTF does"));

      tell_problem (self, IMSG_PR_RTF_COMPRESSED, no_rtf);
    }
  return content;
}

/* NULs may be all that a text has. */
gboolean
_imsg_body_reading_has_content (IMsgBodyReading *self,
                                guint32          tag)
{
  g_auto(Source) source = { 0 };
  guint8 start[8];
  gssize n;

  if (!find_source (self, tag, &source, NULL) || source.blob == NULL)
    return FALSE;
  if (_imsg_blob_get_size (source.blob) > sizeof start)
    return TRUE;
  n = _imsg_blob_read (source.blob, 0, start, sizeof start, self->cancellable, NULL);
  for (gssize i = 0; i < n; i++)
    {
      if (start[i] != 0)
        return TRUE;
    }
  return FALSE;
}
