/* inspector-file-risk.c - attachments that are not what they seem, or that can run
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-file-risk.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

static const char * const programs[] = {
  "ade", "adp", "app", "application", "appimage", "bas", "bat", "bin", "chm", "cmd", "com", "cpl",
  "deb", "desktop", "dll", "exe", "flatpakref", "gadget", "hlp", "hta", "inf", "ins", "isp", "iso",
  "jar", "js", "jse", "lnk", "mad", "mde", "msc", "msh", "msi", "msp", "mst", "ops", "osd", "pif",
  "pl", "ps1", "ps2", "psc1", "py", "reg", "rpm", "run", "scf", "scr", "sct", "sh", "shb", "shs",
  "sys", "url", "vb", "vbe", "vbs", "vhd", "ws", "wsc", "wsf", "wsh", NULL
};

static const char * const macros[] = {
  "docm", "dotm", "potm", "ppam", "ppsm", "pptm", "sldm", "xla", "xlam", "xll", "xlsm", "xltm", NULL
};

static const char * const documents[] = {
  "csv", "doc", "docx", "gif", "htm", "html", "jpeg", "jpg", "mp3", "mp4", "odt", "pdf", "png",
  "ppt", "pptx", "rtf", "txt", "xls", "xlsx", "zip", NULL
};

/* Characters that turn the writing direction make "exe.fdp" read as "pdf.exe" backwards */
static gboolean
has_direction_override (const char *name)
{
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if ((character >= 0x202A && character <= 0x202E) ||
          (character >= 0x2066 && character <= 0x2069))
        return TRUE;
    }
  return FALSE;
}

static gboolean
contradicts (const char *file_name,
             const char *mime_type)
{
  g_autofree char *guessed = NULL;
  g_autofree char *guessed_mime = NULL;
  gboolean uncertain = FALSE;

  if (mime_type == NULL || g_str_equal (mime_type, "application/octet-stream"))
    return FALSE;
  guessed = g_content_type_guess (file_name, NULL, 0, &uncertain);
  guessed_mime = guessed != NULL ? g_content_type_get_mime_type (guessed) : NULL;
  if (uncertain || guessed_mime == NULL || strchr (mime_type, '/') == NULL)
    return FALSE;
  /* Only the kinds are compared: many programs call the same format by different names */
  return (g_str_has_prefix (mime_type, "image/") || g_str_has_prefix (mime_type, "audio/") ||
          g_str_has_prefix (mime_type, "video/") || g_str_has_prefix (mime_type, "text/")) &&
         g_str_has_prefix (guessed_mime, "application/") &&
         !g_content_type_is_a (guessed, "text/plain");
}

const char *
inspector_file_get_risk (const char *file_name,
                         const char *mime_type)
{
  g_auto(GStrv) parts = NULL;
  g_autofree char *lower = NULL;
  guint n_parts;

  if (file_name == NULL)
    return NULL;
  if (has_direction_override (file_name))
    return _("The name hides its real ending by turning the writing direction.");

  lower = g_utf8_strdown (file_name, -1);
  g_strstrip (lower);
  parts = g_strsplit (lower, ".", -1);
  n_parts = g_strv_length (parts);
  if (n_parts >= 2 && g_strv_contains (programs, parts[n_parts - 1]))
    {
      if (n_parts >= 3 && g_strv_contains (documents, parts[n_parts - 2]))
        return _("A program that pretends to be a document.");
      return _("A program or script that can harm the computer.");
    }
  if (n_parts >= 2 && g_strv_contains (macros, parts[n_parts - 1]))
    return _("A document that can contain macros.");
  if (contradicts (file_name, mime_type))
    return _("The name does not fit the type that was stored.");
  return NULL;
}

const char *
inspector_attachment_get_icon (IMsgAttachment *attachment)
{
  static const struct { const char *prefix; const char *icon; } kinds[] = {
    { "image/", "image-x-generic-symbolic" },
    { "audio/", "audio-x-generic-symbolic" },
    { "video/", "video-x-generic-symbolic" },
    { "text/", "text-x-generic-symbolic" },
  };
  const char *mime_type = imsg_attachment_get_mime_type (attachment);

  if (inspector_file_get_risk (imsg_attachment_get_file_name (attachment), mime_type) != NULL)
    return "dialog-warning-symbolic";
  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    return "mail-unread-symbolic";
  for (guint i = 0; mime_type != NULL && i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_str_has_prefix (mime_type, kinds[i].prefix))
        return kinds[i].icon;
    }
  return "mail-attachment-symbolic";
}

const char *
inspector_attachment_get_method_word (IMsgAttachment *attachment)
{
  switch (imsg_attachment_get_method (attachment))
    {
    case IMSG_ATTACHMENT_METHOD_BY_VALUE:
      return _("file");
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE:
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE:
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY:
      return _("reference");
    case IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE:
      return _("web link");
    case IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE:
      return _("embedded message");
    case IMSG_ATTACHMENT_METHOD_OLE:
      return _("OLE object");
    case IMSG_ATTACHMENT_METHOD_NONE:
    default:
      return _("nothing");
    }
}
