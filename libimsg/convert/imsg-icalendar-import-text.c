/* imsg-icalendar-import-text.c - what events, tasks and journal entries have in common
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"
#include "imsg-icalendar-import-private.h"
#include "imsg-property-tags.h"
#include "imsg-text-lines-private.h"

#include <glib/gi18n-lib.h>

#define SENSITIVITY_PERSONAL 1
#define SENSITIVITY_PRIVATE 2
#define SENSITIVITY_CONFIDENTIAL 3

/* Properties that some part of the import takes, or that say nothing a message does not know. */
static const icalproperty_kind taken[] = {
  ICAL_UID_PROPERTY,         ICAL_DTSTAMP_PROPERTY,      ICAL_DTSTART_PROPERTY,
  ICAL_DTEND_PROPERTY,       ICAL_DURATION_PROPERTY,     ICAL_DUE_PROPERTY,
  ICAL_COMPLETED_PROPERTY,   ICAL_PERCENTCOMPLETE_PROPERTY, ICAL_STATUS_PROPERTY,
  ICAL_SUMMARY_PROPERTY,     ICAL_DESCRIPTION_PROPERTY,  ICAL_LOCATION_PROPERTY,
  ICAL_CLASS_PROPERTY,       ICAL_PRIORITY_PROPERTY,     ICAL_CATEGORIES_PROPERTY,
  ICAL_CONTACT_PROPERTY,     ICAL_SEQUENCE_PROPERTY,     ICAL_TRANSP_PROPERTY,
  ICAL_ORGANIZER_PROPERTY,   ICAL_ATTENDEE_PROPERTY,     ICAL_RRULE_PROPERTY,
  ICAL_EXDATE_PROPERTY,      ICAL_RDATE_PROPERTY,        ICAL_RECURRENCEID_PROPERTY,
  ICAL_ATTACH_PROPERTY,      ICAL_CREATED_PROPERTY,      ICAL_LASTMODIFIED_PROPERTY,
  ICAL_X_PROPERTY,
};

/* What Exchange calls its own properties, and what Hotmail called them ([MS-OXCICAL] 2.1.3.1.1.20) */
static const char *const microsoft_prefixes[] = { "X-MICROSOFT-CDO-", "X-MICROSOFT-MSNCALENDAR-" };
static const char *const microsoft_names[] = { "ALLDAYEVENT", "APPT-SEQUENCE",  "BUSYSTATUS",
                                               "IMPORTANCE",  "INSTTYPE",       "INTENDEDSTATUS",
                                               "OWNERAPPTID" };

static const char *const taken_x[] = {
  "X-ALT-DESC",
  "X-MICROSOFT-DISALLOW-COUNTER",
  "X-MS-ACTUAL-WORK",
  "X-MS-BILLING",
  "X-MS-COMPANIES",
  "X-MS-ESTIMATED-WORK",
  "X-MS-LOG-END",
  "X-MS-LOG-TYPE",
  "X-MS-MILEAGE",
  "X-MS-OLK-ORIGINALEND",
  "X-MS-OLK-ORIGINALSTART",
  "X-MS-OWNER",
  "X-MS-TASK-STATUS",
};

icalproperty *
_imsg_calendar_import_find_x_property (icalcomponent *component,
                                       const char    *name)
{
  for (icalproperty *property = icalcomponent_get_first_property (component, ICAL_X_PROPERTY);
       property != NULL; property = icalcomponent_get_next_property (component, ICAL_X_PROPERTY))
    {
      const char *own = icalproperty_get_x_name (property);

      if (own != NULL && g_ascii_strcasecmp (own, name) == 0)
        return property;
    }
  return NULL;
}

const char *
_imsg_calendar_import_find_x (icalcomponent *component,
                              const char    *name)
{
  icalproperty *property = _imsg_calendar_import_find_x_property (component, name);

  return property != NULL ? icalproperty_get_x (property) : NULL;
}

const char *
_imsg_calendar_import_find_microsoft (icalcomponent *component,
                                      const char    *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (microsoft_prefixes); i++)
    {
      g_autofree char *whole = g_strconcat (microsoft_prefixes[i], name, NULL);
      const char *value = _imsg_calendar_import_find_x (component, whole);

      if (value != NULL)
        return value;
    }
  return NULL;
}

static gboolean
is_taken_microsoft (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (microsoft_prefixes); i++)
    if (g_ascii_strncasecmp (name, microsoft_prefixes[i], strlen (microsoft_prefixes[i])) == 0)
      for (guint k = 0; k < G_N_ELEMENTS (microsoft_names); k++)
        if (g_ascii_strcasecmp (name + strlen (microsoft_prefixes[i]), microsoft_names[k]) == 0)
          return TRUE;
  return FALSE;
}

static gboolean
is_taken_x (const char *name)
{
  if (name != NULL && is_taken_microsoft (name))
    return TRUE;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (taken_x); i++)
    if (g_ascii_strcasecmp (taken_x[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_taken (icalproperty_kind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    if (taken[i] == kind)
      return TRUE;
  return FALSE;
}

/* What libical says of a line that it could not read: "Can't parse as RECUR value in RRULE property.
 * Removing entire property: …". An empty one is no loss. */
static void
tell_unreadable (IMsgCalendarImport *import,
                 icalproperty       *property)
{
  const char *text = icalproperty_get_xlicerror (property);
  const char *end = text != NULL ? strstr (text, " property") : NULL;
  const char *start = end;
  g_autofree char *where = NULL;

  if (text == NULL || g_str_has_prefix (text, "No value for"))
    return;
  while (start != NULL && start > text && start[-1] != ' ')
    start--;
  if (start != NULL && g_ascii_isupper (*start))
    where = g_strndup (start, (gsize) (end - start));
  _imsg_calendar_import_add_loss (import, where, _("The line cannot be read: %s"), text);
}

void
_imsg_calendar_import_tell_rest (IMsgCalendarImport *import,
                                 icalcomponent      *component)
{
  for (icalproperty *property = icalcomponent_get_first_property (component, ICAL_ANY_PROPERTY);
       property != NULL; property = icalcomponent_get_next_property (component, ICAL_ANY_PROPERTY))
    {
      icalproperty_kind kind = icalproperty_isa (property);

      if (kind == ICAL_X_PROPERTY && !is_taken_x (icalproperty_get_x_name (property)))
        {
          /* told, but no reason to keep the calendar: they are for the program that wrote them */
          guint n_losses = import->n_losses;

          _imsg_calendar_import_add_loss (import, icalproperty_get_x_name (property),
                                          _("The property is not kept"));
          import->n_losses = n_losses;
        }
      else if (kind == ICAL_XLICERROR_PROPERTY)
        tell_unreadable (import, property);
      else if (!is_taken (kind) &&
               !(kind == ICAL_COMMENT_PROPERTY && _imsg_calendar_import_is_answer (import)))
        _imsg_calendar_import_add_loss (import, icalproperty_get_property_name (property),
                                        _("The property is not kept"));
    }
}

gboolean
_imsg_calendar_import_is_answer (IMsgCalendarImport *import)
{
  return import->method == ICAL_METHOD_REPLY || import->method == ICAL_METHOD_COUNTER;
}

/* [MS-OXCICAL] 2.1.3.1.1.20.3: who answers says a word of his own beside the description. */
static const char *
find_text (IMsgCalendarImport *import,
           icalcomponent      *component)
{
  const char *comment = _imsg_calendar_import_is_answer (import)
                          ? icalcomponent_get_comment (component)
                          : NULL;

  return comment != NULL && *comment != '\0' ? comment : icalcomponent_get_description (component);
}

/* Outlook writes HTML as a property of its own, Thunderbird as the address of the description's. */
static char *
dup_html (icalcomponent *component)
{
  static const char prefix[] = "data:text/html";
  const char *own = _imsg_calendar_import_find_x (component, "X-ALT-DESC");
  icalproperty *description =
    icalcomponent_get_first_property (component, ICAL_DESCRIPTION_PROPERTY);
  icalparameter *parameter =
    description != NULL ? icalproperty_get_first_parameter (description, ICAL_ALTREP_PARAMETER)
                        : NULL;
  const char *uri = parameter != NULL ? icalparameter_get_altrep (parameter) : NULL;
  const char *comma = uri != NULL ? strchr (uri, ',') : NULL;
  g_autofree char *text = NULL;

  if (own != NULL)
    return g_strdup (own);
  if (comma == NULL || g_ascii_strncasecmp (uri, prefix, strlen (prefix)) != 0)
    return NULL;
  if (comma - uri >= 7 && g_ascii_strncasecmp (comma - 7, ";base64", 7) == 0)
    {
      gsize n_bytes = 0;
      g_autofree guchar *bytes = g_base64_decode (comma + 1, &n_bytes);

      text = g_strndup ((const char *) bytes, n_bytes);
    }
  else
    text = g_uri_unescape_string (comma + 1, NULL);
  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

static gboolean
set_body (IMsgCalendarImport *import,
          icalcomponent      *component,
          GError            **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (import->message);
  const char *description = find_text (import, component);
  g_autofree char *html = dup_html (component);
  g_autofree char *lines = NULL;

  if (imsg_property_object_has_value (object, IMSG_PR_BODY) ||
      imsg_property_object_has_value (object, IMSG_PR_HTML))
    return TRUE;
  if (html != NULL && strchr (html, '<') != NULL &&
      !imsg_message_set_body (import->message, IMSG_BODY_FORMAT_HTML, html, error))
    return FALSE;
  if (description == NULL || *description == '\0')
    return TRUE;
  lines = _imsg_text_end_lines (description, "\r\n");
  if (html != NULL && imsg_property_object_has_value (object, IMSG_PR_HTML))
    return imsg_property_object_set_string (object, IMSG_PR_BODY, lines, error);
  return imsg_message_set_body (import->message, IMSG_BODY_FORMAT_TEXT, lines, error);
}

static gboolean
set_importance (IMsgCalendarImport *import,
                icalcomponent      *component,
                GError            **error)
{
  icalproperty *priority = icalcomponent_get_first_property (component, ICAL_PRIORITY_PROPERTY);
  const char *stored = _imsg_calendar_import_find_microsoft (component, "IMPORTANCE");
  int importance = 1;

  if (stored != NULL && *stored >= '0' && *stored <= '2' && stored[1] == '\0')
    importance = *stored - '0';
  else if (priority != NULL)
    {
      int value = icalproperty_get_priority (priority);

      importance = value >= 1 && value <= 4 ? 2 : value >= 6 && value <= 9 ? 0 : 1;
    }
  else
    return TRUE;
  return imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message), IMSG_PR_IMPORTANCE,
                                       importance, error);
}

static gboolean
set_sensitivity (IMsgCalendarImport *import,
                 icalcomponent      *component,
                 GError            **error)
{
  icalproperty *property = icalcomponent_get_first_property (component, ICAL_CLASS_PROPERTY);
  const char *name = property != NULL ? icalproperty_get_value_as_string (property) : NULL;
  int sensitivity = 0;

  if (name == NULL)
    return TRUE;
  if (g_ascii_strcasecmp (name, "PRIVATE") == 0)
    sensitivity = SENSITIVITY_PRIVATE;
  else if (g_ascii_strcasecmp (name, "CONFIDENTIAL") == 0)
    sensitivity = SENSITIVITY_CONFIDENTIAL;
  else if (g_ascii_strcasecmp (name, "X-PERSONAL") == 0)
    sensitivity = SENSITIVITY_PERSONAL;
  return imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message), IMSG_PR_SENSITIVITY,
                                       sensitivity, error) &&
         _imsg_named_set_boolean (import->message, IMSG_SET_COMMON, 0x8506,
                                  sensitivity >= SENSITIVITY_PRIVATE, error);
}

/* All the values of a property that may come several times, or with commas (left as escaped). */
static GPtrArray *
list_texts (icalcomponent     *component,
            icalproperty_kind  kind)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (icalproperty *property = icalcomponent_get_first_property (component, kind);
       property != NULL; property = icalcomponent_get_next_property (component, kind))
    {
      icalvalue *value = icalproperty_get_value (property);
      const char *text = value != NULL ? icalvalue_get_text (value) : NULL;

      if (text != NULL && *text != '\0')
        g_ptr_array_add (texts, g_strdup (text));
    }
  return texts;
}

static char *
get_attachment_name (icalproperty *property,
                     const char   *uri)
{
  icalparameter *parameter = icalproperty_get_first_parameter (property, ICAL_FILENAME_PARAMETER);
  const char *slash = uri != NULL ? strrchr (uri, '/') : NULL;

  if (parameter != NULL && icalparameter_get_filename (parameter) != NULL)
    return g_strdup (icalparameter_get_filename (parameter));
  for (icalparameter *x = icalproperty_get_first_parameter (property, ICAL_X_PARAMETER); x != NULL;
       x = icalproperty_get_next_parameter (property, ICAL_X_PARAMETER))
    {
      const char *name = icalparameter_get_xname (x);

      if (name != NULL && icalparameter_get_xvalue (x) != NULL &&
          (g_ascii_strcasecmp (name, "X-FILENAME") == 0 ||
           g_ascii_strcasecmp (name, "X-APPLE-FILENAME") == 0))
        return g_strdup (icalparameter_get_xvalue (x));
    }
  if (slash != NULL && slash[1] != '\0')
    return g_strdup (slash + 1);
  return g_strdup (uri != NULL ? uri : "attachment");
}

static gboolean
import_attachment (IMsgCalendarImport *import,
                   icalproperty       *property,
                   GError            **error)
{
  icalattach *attach = icalproperty_get_attach (property);
  icalparameter *type = icalproperty_get_first_parameter (property, ICAL_FMTTYPE_PARAMETER);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autofree char *name = NULL;

  /* what is in another part of the mail is attached by that */
  if (attach == NULL || (icalattach_get_is_url (attach) &&
                         g_ascii_strncasecmp (icalattach_get_url (attach), "cid:", 4) == 0))
    return TRUE;
  attachment = imsg_message_create_attachment (import->message, error);
  if (attachment == NULL)
    return FALSE;
  if (icalattach_get_is_url (attach))
    {
      const char *uri = icalattach_get_url (attach);

      name = get_attachment_name (property, uri);
      if (!imsg_attachment_set_reference (attachment, IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE, uri,
                                          error))
        return FALSE;
    }
  else
    {
      /* libical leaves the data as the base64 that it came in */
      gsize n_bytes = 0;
      guchar *decoded = g_base64_decode ((const char *) icalattach_get_data (attach), &n_bytes);
      g_autoptr(GBytes) bytes = g_bytes_new_take (decoded, n_bytes);

      name = get_attachment_name (property, NULL);
      if (!imsg_attachment_set_bytes (attachment, bytes, error))
        return FALSE;
    }
  return imsg_attachment_set_file_name (attachment, name, error) &&
         (type == NULL || icalparameter_get_fmttype (type) == NULL ||
          imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                           IMSG_PR_ATTACH_MIME_TAG,
                                           icalparameter_get_fmttype (type), error));
}

gboolean
_imsg_calendar_import_common (IMsgCalendarImport *import,
                              icalcomponent      *component,
                              GError            **error)
{
  const char *summary = icalcomponent_get_summary (component);
  g_autoptr(GPtrArray) categories = list_texts (component, ICAL_CATEGORIES_PROPERTY);
  g_autoptr(GPtrArray) contacts = list_texts (component, ICAL_CONTACT_PROPERTY);

  if (summary != NULL && imsg_message_get_subject (import->message) == NULL &&
      !imsg_message_set_subject (import->message, summary, error))
    return FALSE;
  for (icalproperty *attach = icalcomponent_get_first_property (component, ICAL_ATTACH_PROPERTY);
       attach != NULL;
       attach = icalcomponent_get_next_property (component, ICAL_ATTACH_PROPERTY))
    if (!import_attachment (import, attach, error))
      return FALSE;
  return set_body (import, component, error) && set_importance (import, component, error) &&
         set_sensitivity (import, component, error) &&
         _imsg_named_set_keywords (import->message, categories, error) &&
         _imsg_named_set_texts (import->message, IMSG_SET_COMMON, 0x853A, contacts, error);
}
