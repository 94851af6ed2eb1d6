/* imsg-mime-class.c - the class of a message as a header ([MS-OXCMAIL] 2.1.3.1.1, 2.2.3.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-private.h"

static const struct
{
  const char *message_class;
  const char *content_class;
} classes[] = {
  { "IPM.Note.Microsoft.Fax.CA", "fax-ca" },
  { "IPM.Note.Microsoft.Fax", "fax" },
  { "IPM.Note.Microsoft.Missed.Voice", "missedcall" },
  { "IPM.Note.Microsoft.Conversation.Voice", "voice-uc" },
  { "IPM.Note.Microsoft.Voicemail.UM.CA", "voice-ca" },
  { "IPM.Note.Microsoft.Voicemail.UM", "voice" },
};

/* What stands in front of a class of one's own, there and here. */
static const struct
{
  const char *message_prefix;
  const char *content_prefix;
} prefixes[] = {
  { "IPM.Note.Custom.", "urn:content-class:custom." },
  { "IPM.InfoPathForm.", "InfoPathForm." },
};

static gboolean
has_prefix (const char *text,
            const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0 && text[strlen (prefix)] != '\0';
}

char *
_imsg_mime_class_to_content (const char *message_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_ascii_strcasecmp (message_class, classes[i].message_class) == 0)
      return g_strdup (classes[i].content_class);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (has_prefix (message_class, prefixes[i].message_prefix))
      return g_strconcat (prefixes[i].content_prefix,
                          message_class + strlen (prefixes[i].message_prefix), NULL);
  return NULL;
}

char *
_imsg_mime_class_from_content (const char *content_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_ascii_strcasecmp (content_class, classes[i].content_class) == 0)
      return g_strdup (classes[i].message_class);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (has_prefix (content_class, prefixes[i].content_prefix))
      return g_strconcat (prefixes[i].message_prefix,
                          content_class + strlen (prefixes[i].content_prefix), NULL);
  return NULL;
}
