/* imsg-message-code-page.c - which code page the 8-bit text of a message is in, and why
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-code-page-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Text of a message over this size is no witness for its code page */
#define WITNESS_BYTES 65536

/* Which code page, step by step; each step leaves a line of trace, if somebody asked for it. */
typedef struct
{
  IMsgMessage *message;
  GPtrArray   *trace;     /* NULL when only the result is wanted, as it is most often */
  guint        code_page; /* 0 while undecided */
} Choice;

#define note(choice, ...) \
  G_STMT_START \
    { \
      if ((choice)->trace != NULL) \
        g_ptr_array_add ((choice)->trace, g_strdup_printf (__VA_ARGS__)); \
    } \
  G_STMT_END

static guint32
read_long (Choice  *choice,
           guint32  tag)
{
  guint32 value = 0;

  _imsg_property_object_read_stored_long (IMSG_PROPERTY_OBJECT (choice->message), tag, &value);
  return value;
}

/* The bytes of an 8-bit text property; NULL when there is none, or it is very long. */
static GBytes *
read_bytes (IMsgPropertyObject *object,
            guint32             tag)
{
  IMsgPropertySlot slot;
  g_autoptr(IMsgBlob) blob = NULL;

  if (!_imsg_property_object_lookup (object, tag, &slot) || slot.tag != tag)
    return NULL;
  blob = _imsg_property_slot_open (object, &slot, NULL);
  return blob != NULL ? _imsg_blob_read_all (blob, WITNESS_BYTES, NULL, NULL) : NULL;
}

/* Whether there is text beyond ASCII, and all of it is whole text in a page of many bytes. */
static gboolean
text_is_valid_in (IMsgMessage *message,
                  guint        code_page)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gboolean found = FALSE;

  for (guint i = 0; i < object->n_entries; i++)
    {
      guint32 tag = object->entries[i].tag;
      g_autoptr(GBytes) bytes = NULL;
      const guint8 *data;
      gsize n_bytes, n_high = 0;

      if (IMSG_TAG_TYPE (tag) != IMSG_PROPERTY_TYPE_STRING8)
        continue;
      bytes = read_bytes (object, tag);
      if (bytes == NULL)
        continue;
      data = g_bytes_get_data (bytes, &n_bytes);
      for (gsize j = 0; j < n_bytes; j++)
        n_high += data[j] >= 0x80;
      if (n_high == 0)
        continue;
      if (!_imsg_code_page_is_valid (code_page, data, n_bytes))
        return FALSE;
      found = TRUE;
    }
  return found;
}

static void
choose_by_message_code_page (Choice *choice)
{
  guint32 code_page = read_long (choice, IMSG_PR_MESSAGE_CODEPAGE);
  guint32 locale = read_long (choice, IMSG_PR_MESSAGE_LOCALE_ID);
  guint by_locale = locale != 0 ? _imsg_code_page_from_locale (locale) : 0;

  if (code_page == 0 || code_page == 1200 || code_page == 1201)
    {
      if (code_page == 0)
        note (choice, _("%s: absent"), "PR_MESSAGE_CODEPAGE");
      else
        note (choice, _("%s: %u, which is no code page of 8-bit text"), "PR_MESSAGE_CODEPAGE",
              code_page);
      return;
    }
  if (!_imsg_code_page_is_known (code_page))
    {
      note (choice, _("%s: %u, which is not known"), "PR_MESSAGE_CODEPAGE", code_page);
      return;
    }
  if (by_locale != 0 && !_imsg_code_page_is_double_byte (code_page) && code_page != 65001 &&
      _imsg_code_page_is_double_byte (by_locale) && text_is_valid_in (choice->message, by_locale))
    {
      note (choice,
            _("%s: %u, but %s 0x%04X says %u and the text fits it"), "PR_MESSAGE_CODEPAGE",
            code_page, "PR_MESSAGE_LOCALE_ID", locale, by_locale);
      choice->code_page = by_locale;
      return;
    }
  note (choice, "PR_MESSAGE_CODEPAGE: %u", code_page);
  choice->code_page = code_page;
}

/* Outlook writes 8-bit text in no UTF-8, but libraries do that say of the mail that it is. A name of
 * two characters in a double-byte page may look like UTF-8, and is what its locale says. */
static void
choose_by_utf8 (Choice *choice)
{
  guint by_locale = _imsg_code_page_from_locale (read_long (choice, IMSG_PR_MESSAGE_LOCALE_ID));

  if (read_long (choice, IMSG_PR_INTERNET_CPID) != IMSG_CODE_PAGE_UTF8 ||
      !text_is_valid_in (choice->message, IMSG_CODE_PAGE_UTF8) ||
      (_imsg_code_page_is_double_byte (by_locale) && text_is_valid_in (choice->message, by_locale)))
    return;
  note (choice, _("%s: %u, and the text fits it"), "PR_INTERNET_CPID", IMSG_CODE_PAGE_UTF8);
  choice->code_page = IMSG_CODE_PAGE_UTF8;
}

static void
choose_by_locale (Choice *choice)
{
  guint32 locale = read_long (choice, IMSG_PR_MESSAGE_LOCALE_ID);

  if (locale == 0)
    {
      note (choice, _("%s: absent"), "PR_MESSAGE_LOCALE_ID");
      return;
    }
  choice->code_page = _imsg_code_page_from_locale (locale);
  /* Translators: a property, the number of a language, and the code page that follows of it */
  note (choice, _("%s: 0x%04X, so %u"), "PR_MESSAGE_LOCALE_ID", locale, choice->code_page);
}

static void
choose_by_internet_code_page (Choice *choice)
{
  guint32 code_page = read_long (choice, IMSG_PR_INTERNET_CPID);
  guint ansi = code_page != 0 && code_page != 20127 ? _imsg_code_page_get_ansi (code_page) : 0;

  if (ansi == 0)
    {
      if (code_page == 0)
        note (choice, _("%s: absent"), "PR_INTERNET_CPID");
      else
        note (choice, _("%s: %u, which says nothing of 8-bit text"), "PR_INTERNET_CPID", code_page);
      return;
    }
  /* Translators: a property, a code page, and the code page that follows of it */
  note (choice, _("%s: %u, so %u"), "PR_INTERNET_CPID", code_page, ansi);
  choice->code_page = ansi;
}

static void
choose_by_headers (Choice *choice)
{
  g_autoptr(GBytes) bytes =
    read_bytes (IMSG_PROPERTY_OBJECT (choice->message),
                IMSG_TAG (IMSG_PROPERTY_TYPE_STRING8, IMSG_TAG_ID (IMSG_PR_TRANSPORT_MESSAGE_HEADERS)));
  g_autofree char *headers = NULL;
  g_autofree char *charset = NULL;
  const char *found;
  guint code_page;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return;
  headers = g_ascii_strdown (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  found = strstr (headers, "charset=");
  if (found == NULL)
    return;
  found += strlen ("charset=");
  found += *found == '"';
  charset = g_strndup (found, strcspn (found, "\"; \t\r\n"));
  code_page = _imsg_code_page_from_charset (charset);
  code_page = code_page != 0 && code_page != 20127 ? _imsg_code_page_get_ansi (code_page) : 0;
  if (code_page == 0)
    return;
  /* Translators: a property, the name of a charset, and the code page that follows of it */
  note (choice, _("%s: charset %s, so %u"), "PR_TRANSPORT_MESSAGE_HEADERS", charset, code_page);
  choice->code_page = code_page;
}

static void
choose_by_surroundings (Choice *choice)
{
  IMsgMessage *self = choice->message;

  if (self->parent != NULL && self->parent->message != NULL)
    {
      choice->code_page = imsg_message_get_code_page (self->parent->message);
      note (choice, _("The message around it: %u"), choice->code_page);
      return;
    }
  choice->code_page = self->default_code_page != 0 ? self->default_code_page
                                                   : IMSG_CODE_PAGE_WINDOWS_1252;
  note (choice, _("The default: %u"), choice->code_page);
}

static void
choose_by_properties (Choice *choice)
{
  static void (*const steps[]) (Choice *choice) = {
    choose_by_message_code_page, choose_by_utf8, choose_by_locale, choose_by_internet_code_page,
    choose_by_headers,
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps) && choice->code_page == 0; i++)
    steps[i] (choice);
}

static guint
choose (IMsgMessage *self,
        GPtrArray   *trace)
{
  Choice choice = { self, trace, self->code_page_override };

  if (choice.code_page != 0)
    note (&choice, _("Chosen by the caller: %u"), choice.code_page);
  choose_by_properties (&choice);
  if (choice.code_page == 0)
    choose_by_surroundings (&choice);
  return choice.code_page;
}

/**
 * imsg_message_get_code_page:
 * @self: a message
 *
 * Gives the code page in which 8-bit text (`PT_STRING8`) of the message is read and written.
 *
 * It is the first of: what [method@IMsg.Message.set_code_page] said; `PR_MESSAGE_CODEPAGE`, unless
 * `PR_MESSAGE_LOCALE_ID` names a double-byte page that the text fits; UTF-8 where
 * `PR_INTERNET_CPID` is that and the text fits it; the page of the locale; the page nearest to
 * `PR_INTERNET_CPID`; the charset in the transport headers; that of the message around it; the
 * default of the session, 1252.
 *
 * Returns: a Windows code page
 * Since: 1.0
 */
guint
imsg_message_get_code_page (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), IMSG_CODE_PAGE_WINDOWS_1252);

  if (self->code_page == 0 && IMSG_PROPERTY_OBJECT (self)->is_closed)
    return IMSG_CODE_PAGE_WINDOWS_1252;
  if (self->code_page == 0)
    self->code_page = choose (self, NULL);
  return self->code_page;
}

/**
 * imsg_message_get_code_page_trace:
 * @self: a message
 *
 * Tells how the code page was chosen, in the language that the program has set.
 *
 * Returns: (transfer full) (array zero-terminated=1): a line for each thing that was looked at; the
 *   last decided. None when the message is closed
 * Since: 1.0
 */
char **
imsg_message_get_code_page_trace (IMsgMessage *self)
{
  g_autoptr(GPtrArray) trace = NULL;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  trace = g_ptr_array_new ();
  if (!IMSG_PROPERTY_OBJECT (self)->is_closed)
    choose (self, trace);
  g_ptr_array_add (trace, NULL);
  return (char **) g_ptr_array_steal (trace, NULL);
}

/* Chooses again when next asked, for itself and what is embedded. */
void
_imsg_message_forget_code_page (IMsgMessage *self)
{
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  g_object_ref (self);
  self->code_page = 0;
  _imsg_object_list_collect (self->recipients, objects);
  _imsg_object_list_collect (self->attachments, objects);
  _imsg_message_text_changed (self);
  for (guint i = 0; i < objects->len; i++)
    {
      IMsgPropertyObject *object = objects->pdata[i];

      if (IMSG_IS_RECIPIENT (object))
        {
          _imsg_recipient_forget_text (IMSG_RECIPIENT (object));
          continue;
        }
      _imsg_attachment_forget_text (IMSG_ATTACHMENT (object));
      if (IMSG_ATTACHMENT (object)->embedded != NULL)
        _imsg_message_forget_code_page (IMSG_ATTACHMENT (object)->embedded);
    }
  g_object_unref (self);
}

gboolean
_imsg_message_knows_code_page (IMsgMessage *self)
{
  Choice own = { self, NULL, self->code_page_override };

  choose_by_properties (&own);
  return own.code_page != 0 || (self->parent != NULL && self->parent->message != NULL &&
                                _imsg_message_knows_code_page (self->parent->message));
}

gboolean
_imsg_message_tell_code_page (IMsgMessage  *self,
                              GError      **error)
{
  Choice own = { self, NULL, 0 };
  guint code_page = imsg_message_get_code_page (self);

  choose_by_properties (&own);
  return own.code_page == code_page ||
         _imsg_property_object_put_long (IMSG_PROPERTY_OBJECT (self), IMSG_PR_MESSAGE_CODEPAGE,
                                         code_page, 0, error);
}

gboolean
_imsg_message_keep_code_page (IMsgMessage  *self,
                              GError      **error)
{
  Choice own = { self, NULL, 0 };

  if (_imsg_message_is_unicode (self))
    return TRUE;
  choose_by_properties (&own);
  return own.code_page != 0 || _imsg_message_tell_code_page (self, error);
}

/**
 * imsg_message_set_code_page:
 * @self: a message
 * @code_page: a Windows code page, or 0 to have it chosen
 * @error: return location for an error
 *
 * Reads 8-bit text in another code page.
 *
 * Nothing is changed in the file by that. Text set from now on is stored in the page, and the save
 * of such text says so in `PR_MESSAGE_CODEPAGE`.
 *
 * Fails with %IMSG_ERROR_UNKNOWN_CODE_PAGE, and %IMSG_ERROR_CLOSED once @self is closed.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_message_set_code_page (IMsgMessage  *self,
                            guint         code_page,
                            GError      **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_imsg_property_object_check (IMSG_PROPERTY_OBJECT (self), error))
    return FALSE;
  if (code_page != 0 && !_imsg_code_page_is_known (code_page))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE, _("Code page %u is not known"),
                   code_page);
      return FALSE;
    }
  if (self->code_page_override == code_page)
    return TRUE;
  self->code_page_override = code_page;
  _imsg_message_forget_code_page (self);
  g_object_notify (G_OBJECT (self), "code-page");
  return TRUE;
}
