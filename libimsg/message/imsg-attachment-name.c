/* imsg-attachment-name.c - what to call an attachment, and a file it is saved to
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"

#include <string.h>

/* Bytes of a file name: what most file systems take is 255, and callers add to it */
#define FILE_NAME_BYTES 200

/* For attachments with no name at all */
static const struct
{
  const char *mime_type;
  const char *extension;
} known_types[] = {
  { "application/pdf", ".pdf" }, { "application/zip", ".zip" }, { "image/bmp", ".bmp" },
  { "image/gif", ".gif" },       { "image/jpeg", ".jpg" },      { "image/png", ".png" },
  { "message/rfc822", ".eml" },  { "text/calendar", ".ics" },   { "text/html", ".html" },
  { "text/plain", ".txt" },      { "text/vcard", ".vcf" },      { "text/xml", ".xml" },
};

static char *
get_text (IMsgAttachment *self,
          guint32         tag)
{
  g_autofree char *text = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self), tag);

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* The last part of a path of Windows or a URL; NULL when it ends in a separator. */
static char *
get_base_name (IMsgAttachment *self,
               guint32         tag)
{
  g_autofree char *path = get_text (self, tag);
  const char *base = path;

  for (const char *at = path; at != NULL && *at != '\0'; at++)
    if (*at == '/' || *at == '\\')
      base = at + 1;
  return base != NULL && *base != '\0' ? g_strdup (base) : NULL;
}

static char *
make_name (IMsgAttachment *self)
{
  g_autofree char *extension = get_text (self, IMSG_PR_ATTACH_EXTENSION);
  g_autofree char *mime_type = get_text (self, IMSG_PR_ATTACH_MIME_TAG);
  const char *suffix = extension != NULL && extension[0] == '.' ? extension : "";

  for (guint i = 0; *suffix == '\0' && mime_type != NULL && i < G_N_ELEMENTS (known_types); i++)
    if (g_ascii_strcasecmp (mime_type, known_types[i].mime_type) == 0)
      suffix = known_types[i].extension;
  if (*suffix == '\0' &&
      imsg_attachment_get_method (self) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    suffix = ".msg";
  return g_strdup_printf ("attachment-%u%s", self->number + 1, suffix);
}

static char *
choose_name (IMsgAttachment *self)
{
  char *name = get_text (self, IMSG_PR_ATTACH_LONG_FILENAME);

  if (name == NULL)
    name = get_text (self, IMSG_PR_ATTACH_FILENAME);
  if (name == NULL)
    name = get_base_name (self, IMSG_PR_ATTACH_LONG_PATHNAME);
  if (name == NULL)
    name = get_base_name (self, IMSG_PR_ATTACH_PATHNAME);
  if (name == NULL)
    name = get_text (self, IMSG_PR_DISPLAY_NAME);
  return name != NULL ? name : make_name (self);
}

/**
 * imsg_attachment_get_file_name:
 * @self: an attachment
 *
 * Gives the best name there is for people.
 *
 * That is the long file name, else the short one, else the end of a path, else the display name,
 * else one made of its number. It is what the sender wrote, and no name for a disk: that is
 * [method@IMsg.Attachment.dup_safe_file_name].
 *
 * Returns: (transfer none): the name; valid until the next call
 * Since: 1.0
 */
const char *
imsg_attachment_get_file_name (IMsgAttachment *self)
{
  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);

  return _imsg_attachment_lend_text (self, IMSG_ATTACHMENT_TEXT_NAME, choose_name (self));
}

/* A short name as DOS had it: eight letters, a dot, three. */
static char *
make_short_name (const char *file_name)
{
  const char *dot = strrchr (file_name, '.');
  GString *name = g_string_new (NULL);

  for (const char *at = file_name; *at != '\0' && at != dot && name->len < 8; at++)
    if (g_ascii_isalnum (*at) || strchr ("_-$~!#%&'()@^`{}", *at) != NULL)
      g_string_append_c (name, *at);
  if (name->len == 0)
    g_string_append (name, "ATT");
  if (dot == NULL || dot[1] == '\0')
    return g_string_free (name, FALSE);
  g_string_append_c (name, '.');
  for (gsize n_letters = 0; *++dot != '\0' && n_letters < 3;)
    if (g_ascii_isalnum (*dot))
      {
        g_string_append_c (name, *dot);
        n_letters++;
      }
  return g_string_free (name, FALSE);
}

/**
 * imsg_attachment_set_file_name:
 * @self: an attachment
 * @file_name: a name without a path
 * @error: return location for an error
 *
 * Sets the file name: the long one, the short one, the extension and the display name.
 *
 * Fails as [method@PropertyObject.set_value] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_attachment_set_file_name (IMsgAttachment  *self,
                               const char      *file_name,
                               GError         **error)
{
  IMsgPropertyObject *object;
  g_autofree char *short_name = NULL;
  const char *dot;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), FALSE);
  g_return_val_if_fail (file_name != NULL && g_utf8_validate (file_name, -1, NULL), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  short_name = make_short_name (file_name);
  dot = strrchr (file_name, '.');
  if (!imsg_property_object_set_string (object, IMSG_PR_ATTACH_LONG_FILENAME, file_name, error) ||
      !imsg_property_object_set_string (object, IMSG_PR_ATTACH_FILENAME, short_name, error) ||
      !imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, file_name, error))
    return FALSE;
  return imsg_property_object_set_string (object, IMSG_PR_ATTACH_EXTENSION,
                                          dot != NULL && dot[1] != '\0' ? dot : NULL, error);
}

/* Names that Windows takes for devices, with or without an extension. */
static gboolean
is_device_name (const char *name)
{
  static const char *const devices[] = { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" };
  gsize length = strcspn (name, ".");

  while (length > 0 && name[length - 1] == ' ')
    length--;
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    if (length == strlen (devices[i]) && g_ascii_strncasecmp (name, devices[i], length) == 0)
      return TRUE;
  return length == 4 && g_ascii_isdigit (name[3]) &&
         (g_ascii_strncasecmp (name, "COM", 3) == 0 || g_ascii_strncasecmp (name, "LPT", 3) == 0);
}

/* Marks that turn the reading direction, and others that nobody sees: they hide what a file is. */
static gboolean
is_unseen (gunichar character)
{
  GUnicodeType type = g_unichar_type (character);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_SURROGATE ||
         type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Cuts to a number of bytes at a character, in front of the extension. */
static void
shorten (GString *name)
{
  const char *dot = strrchr (name->str, '.');
  g_autofree char *extension = NULL;
  const char *end;

  if (name->len <= FILE_NAME_BYTES)
    return;
  if (dot != NULL && strlen (dot) <= 32)
    extension = g_strdup (dot);
  end = name->str + FILE_NAME_BYTES - (extension != NULL ? strlen (extension) : 0);
  while (end > name->str && ((guchar) *end & 0xC0) == 0x80)
    end--;
  g_string_truncate (name, (gsize) (end - name->str));
  if (extension != NULL)
    g_string_append (name, extension);
}

/* Windows drops dots and blanks at the end. */
static void
trim_end (GString *name)
{
  gsize length = name->len;

  while (length > 0 && (name->str[length - 1] == '.' || name->str[length - 1] == ' '))
    length--;
  g_string_truncate (name, length);
}

/* What is safe to be the name of a file in a folder; never empty. */
static char *
make_safe (const char *name)
{
  GString *safe = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      /* Leading dots hide a file or leave the folder. */
      if (is_unseen (character) || (safe->len == 0 && (character == '.' || character == ' ')))
        continue;
      if (character < 0x80 && strchr ("/\\:*?\"<>|", (int) character) != NULL)
        character = '_';
      g_string_append_unichar (safe, character);
    }
  trim_end (safe);
  shorten (safe);
  trim_end (safe);
  if (is_device_name (safe->str))
    g_string_prepend_c (safe, '_');
  if (safe->len == 0)
    g_string_assign (safe, "attachment");
  return g_string_free (safe, FALSE);
}

/**
 * imsg_attachment_dup_safe_file_name:
 * @self: an attachment
 *
 * Makes a name that is safe to save the attachment under.
 *
 * Path separators, characters that some file systems refuse, controls, marks that turn the reading
 * direction, leading dots and the names of devices are taken out or replaced; it is one name in
 * one folder, never empty, never over 200 bytes. An embedded message ends in `.msg`.
 *
 * Returns: (transfer full): a file name in UTF-8
 * Since: 1.0
 */
char *
imsg_attachment_dup_safe_file_name (IMsgAttachment *self)
{
  g_autofree char *name = NULL;
  g_autofree char *safe = NULL;
  gsize length;

  g_return_val_if_fail (IMSG_IS_ATTACHMENT (self), NULL);

  name = choose_name (self);
  if (imsg_attachment_get_method (self) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    return make_safe (name);
  length = strlen (name);
  if (length > 4 && g_ascii_strcasecmp (name + length - 4, ".msg") == 0)
    return make_safe (name);
  safe = g_strconcat (name, ".msg", NULL);
  return make_safe (safe);
}
