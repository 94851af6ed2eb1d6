/* imsg-body-native.c - which of its bodies a message was written in
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-body-source-private.h"

#include "imsg-body.h"
#include "imsg-property-tags.h"

/* [MS-OXBBODY] 2.1.3.1, with what Outlook does where that would show less. */
static int
choose_format (gboolean       has_text,
               gboolean       has_html,
               IMsgRtfContent rtf,
               gboolean       is_in_sync)
{
  gboolean has_rtf = rtf != IMSG_RTF_CONTENT_NONE;

  if (has_rtf && (is_in_sync || (!has_text && !has_html) ||
                  (!has_html && rtf == IMSG_RTF_CONTENT_HTML)))
    {
      if (rtf == IMSG_RTF_CONTENT_HTML)
        return IMSG_BODY_FORMAT_HTML;
      return rtf == IMSG_RTF_CONTENT_TEXT ? IMSG_BODY_FORMAT_TEXT : IMSG_BODY_FORMAT_RTF;
    }
  if (has_html)
    return IMSG_BODY_FORMAT_HTML;
  return has_text ? IMSG_BODY_FORMAT_TEXT : 0;
}

/**
 * imsg_message_get_native_body_format:
 * @self: a message
 * @format: (out) (optional): return location for the format
 *
 * Tells which of its bodies is the one a message was written in: the best one to show.
 *
 * `PR_NATIVE_BODY_INFO` names it where the message has that body; otherwise what is there decides,
 * and `PR_RTF_IN_SYNC`. RTF that encapsulates HTML or text counts as that.
 *
 * Source: [MS-OXBBODY] 2.1.
 *
 * Returns: %FALSE when the message has no body, or is of the class `IPM.Note.SMIME`, whose body is
 *   inside its attachment
 * Since: 1.0
 */
gboolean
imsg_message_get_native_body_format (IMsgMessage    *self,
                                     IMsgBodyFormat *format)
{
  g_auto(IMsgBodyReading) reading = { 0 };
  IMsgRtfContent rtf;
  IMsgPropertyObject *object;
  const char *message_class;
  gboolean has_text;
  gboolean has_html;
  int chosen = 0;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  message_class = imsg_message_get_message_class (self);
  if (message_class != NULL && g_ascii_strcasecmp (message_class, "IPM.Note.SMIME") == 0)
    return FALSE;

  _imsg_body_reading_init (&reading, self, NULL);
  rtf = _imsg_body_reading_peek_rtf (&reading, NULL);
  has_text = _imsg_body_reading_has_content (&reading, IMSG_PR_BODY);
  has_html = _imsg_body_reading_has_content (&reading, IMSG_PR_HTML);

  switch (imsg_property_object_get_int (object, IMSG_PR_NATIVE_BODY_INFO))
    {
    case IMSG_BODY_FORMAT_TEXT:
      if (has_text || rtf == IMSG_RTF_CONTENT_TEXT)
        chosen = IMSG_BODY_FORMAT_TEXT;
      break;
    case IMSG_BODY_FORMAT_RTF:
      if (rtf != IMSG_RTF_CONTENT_NONE)
        chosen = choose_format (FALSE, FALSE, rtf, TRUE);
      break;
    case IMSG_BODY_FORMAT_HTML:
      if (has_html || rtf == IMSG_RTF_CONTENT_HTML)
        chosen = IMSG_BODY_FORMAT_HTML;
      break;
    default:
      break;
    }
  if (chosen == 0)
    chosen = choose_format (has_text, has_html, rtf,
                            imsg_property_object_get_boolean (object, IMSG_PR_RTF_IN_SYNC));
  if (chosen == 0)
    return FALSE;
  if (format != NULL)
    *format = chosen;
  return TRUE;
}
