/* imsg-icalendar-import-people.c - organizer and attendees of an event
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-address.h"
#include "imsg-icalendar-import-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *name;
  char       *address; /* nullable */
} Person;

static void
person_clear (Person *person)
{
  g_clear_pointer (&person->address, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Person, person_clear)

/* Those that take part, as far as the headers of a mail have named them before. */
typedef struct
{
  GHashTable *rows;      /* address -> IMsgRecipient that no attendee has taken */
  char       *organizer; /* nullable: address */
  gboolean    is_mail;
} People;

static void
people_clear (People *people)
{
  g_clear_pointer (&people->rows, g_hash_table_unref);
  g_clear_pointer (&people->organizer, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (People, people_clear)

static char *
read_mailto (const char *uri)
{
  char *address;

  if (uri == NULL || g_ascii_strncasecmp (uri, "mailto:", 7) != 0 || uri[7] == '\0')
    return NULL;
  address = g_uri_unescape_string (uri + 7, NULL);
  if (address == NULL || !g_utf8_validate (address, -1, NULL))
    {
      g_free (address);
      address = g_strdup (uri + 7);
    }
  return address;
}

/* RFC 7986 6.2: calendar servers name people by paths of their own, and the address beside. */
static char *
read_email (icalproperty *property)
{
  icalparameter *email = icalproperty_get_first_parameter (property, ICAL_EMAIL_PARAMETER);
  const char *address = email != NULL ? icalparameter_get_email (email) : NULL;

  return address != NULL && *address != '\0' ? g_strdup (address) : NULL;
}

static gboolean
read_person (IMsgCalendarImport *import,
             icalproperty       *property,
             const char         *uri,
             Person             *person)
{
  icalparameter *name = icalproperty_get_first_parameter (property, ICAL_CN_PARAMETER);

  person_clear (person);
  person->address = read_mailto (uri);
  if (person->address == NULL)
    person->address = read_email (property);
  person->name = name != NULL ? icalparameter_get_cn (name) : NULL;
  if (person->name == NULL || *person->name == '\0')
    person->name = person->address;
  if (person->address == NULL && person->name == NULL)
    {
      _imsg_calendar_import_add_loss (import, icalproperty_get_property_name (property),
                                      _("“%s” is no address of mail and names nobody"),
                                      uri != NULL ? uri : "");
      return FALSE;
    }
  if (person->address == NULL)
    _imsg_calendar_import_add_loss (import, icalproperty_get_property_name (property),
                                    _("“%s” has no Internet address"), person->name);
  if ((icalproperty_get_first_parameter (property, ICAL_SENTBY_PARAMETER) != NULL &&
       icalproperty_isa (property) != ICAL_ORGANIZER_PROPERTY) ||
      icalproperty_get_first_parameter (property, ICAL_DELEGATEDTO_PARAMETER) != NULL ||
      icalproperty_get_first_parameter (property, ICAL_DELEGATEDFROM_PARAMETER) != NULL)
    _imsg_calendar_import_add_loss (import, icalproperty_get_property_name (property),
                                    _("Who acts for “%s” is not kept"), person->name);
  return TRUE;
}

static char *
fold_address (const char *address)
{
  return address != NULL ? g_utf8_casefold (address, -1) : NULL;
}

/* A mail from somebody else, who passes it on or whose program sends for many, is sent on behalf of
 * the person: answers go there. */
static gboolean
set_represented (IMsgMessage        *message,
                 const IMsgAddress  *mail_author,
                 const Person       *person,
                 GError            **error)
{
  const char *mail_address = imsg_address_get_smtp (mail_author);
  g_autofree char *folded_mail_address = fold_address (mail_address);
  g_autofree char *folded = fold_address (person->address);

  if (folded == NULL || g_strcmp0 (folded, folded_mail_address) == 0)
    return TRUE;
  return (mail_address == NULL ||
          _imsg_mime_set_person (message, IMSG_ADDRESS_ROLE_SENDER,
                                 imsg_address_get_name (mail_author), mail_address, error)) &&
         _imsg_mime_set_person (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING, person->name,
                                person->address, error);
}

static gboolean
set_author (IMsgMessage   *message,
            const Person  *person,
            GError       **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgAddress) mail_author =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);

  if (mail_author != NULL)
    return set_represented (message, mail_author, person, error);
  return imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_NAME, person->name,
                                          error) &&
         (person->address == NULL ||
          (imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "SMTP",
                                            error) &&
           imsg_property_object_set_string (object, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS,
                                            person->address, error)));
}

/* Who sends for the organizer is the sender, unless the mail has another. */
static gboolean
set_sent_by (IMsgCalendarImport *import,
             icalproperty       *organizer,
             const Person       *person,
             GError            **error)
{
  icalparameter *sent_by = icalproperty_get_first_parameter (organizer, ICAL_SENTBY_PARAMETER);
  g_autofree char *address =
    read_mailto (sent_by != NULL ? icalparameter_get_sentby (sent_by) : NULL);
  g_autoptr(IMsgAddress) sender =
    imsg_message_resolve_address (import->message, IMSG_ADDRESS_ROLE_SENDER);
  const char *smtp = sender != NULL ? imsg_address_get_smtp (sender) : NULL;
  g_autofree char *folded = fold_address (address);
  g_autofree char *folded_sender = fold_address (smtp);
  g_autofree char *folded_person = fold_address (person->address);

  if (sent_by == NULL || (folded != NULL && g_strcmp0 (folded, folded_sender) == 0))
    return TRUE;
  if (folded != NULL && (sender == NULL || g_strcmp0 (folded_sender, folded_person) == 0))
    return _imsg_mime_set_person (import->message, IMSG_ADDRESS_ROLE_SENDER, NULL, address, error);
  _imsg_calendar_import_add_loss (import, "ORGANIZER", _("Who acts for “%s” is not kept"),
                                  person->name);
  return TRUE;
}

static gint64
get_track_status (icalproperty *attendee)
{
  icalparameter *status = icalproperty_get_first_parameter (attendee, ICAL_PARTSTAT_PARAMETER);

  if (status == NULL)
    return 0;
  switch ((int) icalparameter_get_partstat (status))
    {
    case ICAL_PARTSTAT_TENTATIVE:
      return 2;
    case ICAL_PARTSTAT_ACCEPTED:
      return 3;
    case ICAL_PARTSTAT_DECLINED:
      return 4;
    default:
      return 0;
    }
}

/* FALSE when neither ROLE nor CUTYPE tells it. */
static gboolean
read_recipient_type (icalproperty      *attendee,
                     IMsgRecipientType *type)
{
  icalparameter *role = icalproperty_get_first_parameter (attendee, ICAL_ROLE_PARAMETER);
  icalparameter *kind = icalproperty_get_first_parameter (attendee, ICAL_CUTYPE_PARAMETER);
  icalparameter_cutype cutype = kind != NULL ? icalparameter_get_cutype (kind)
                                             : ICAL_CUTYPE_INDIVIDUAL;

  *type = IMSG_RECIPIENT_TYPE_TO;
  if (cutype == ICAL_CUTYPE_RESOURCE || cutype == ICAL_CUTYPE_ROOM)
    *type = IMSG_RECIPIENT_TYPE_BCC;
  else if (role != NULL && icalparameter_get_role (role) == ICAL_ROLE_OPTPARTICIPANT)
    *type = IMSG_RECIPIENT_TYPE_CC;
  else if (role != NULL && icalparameter_get_role (role) == ICAL_ROLE_NONPARTICIPANT)
    *type = IMSG_RECIPIENT_TYPE_BCC;
  return role != NULL || *type != IMSG_RECIPIENT_TYPE_TO;
}

static void
index_recipients (People      *people,
                  IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);

  people->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  people->is_mail = n_recipients > 0;
  for (guint i = 0; i < n_recipients; i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgAddress) address = imsg_recipient_resolve_address (recipient);
      char *folded = fold_address (address != NULL ? imsg_address_get_smtp (address) : NULL);

      if (folded != NULL && !g_hash_table_contains (people->rows, folded))
        g_hash_table_insert (people->rows, folded, g_object_ref (recipient));
      else
        g_free (folded);
    }
}

/* [MS-OXOCAL] 2.2.4.10.1; who keeps a copy may be among those that the mail goes to. */
static gboolean
mark_organizer (People       *people,
                IMsgMessage  *message,
                GError      **error)
{
  g_autoptr(IMsgAddress) author = NULL;
  IMsgRecipient *row;

  /* an appointment with nobody else is one's own */
  if (people->organizer == NULL && _imsg_mime_class_is (message, "IPM.Appointment"))
    {
      author = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
      people->organizer = fold_address (author != NULL ? imsg_address_get_smtp (author) : NULL);
    }
  row = people->organizer != NULL ? g_hash_table_lookup (people->rows, people->organizer) : NULL;
  return row == NULL ||
         imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (row), IMSG_PR_RECIPIENT_FLAGS,
                                       IMSG_RECIPIENT_FLAG_SENDABLE | IMSG_RECIPIENT_FLAG_ORGANIZER,
                                       error);
}

/* An invitation may go to each of those who are asked in a mail of its own: the headers name one, the
 * calendar all. It also knows better who has to come. */
static gboolean
add_attendee (People        *people,
              IMsgMessage   *message,
              icalproperty  *attendee,
              const Person  *person,
              GError       **error)
{
  g_autofree char *address = fold_address (person->address);
  g_autofree char *taken = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  gboolean is_organizer = address != NULL && g_strcmp0 (address, people->organizer) == 0;
  gint64 flags =
    IMSG_RECIPIENT_FLAG_SENDABLE | (is_organizer ? IMSG_RECIPIENT_FLAG_ORGANIZER : 0);
  IMsgRecipientType type;
  gboolean has_type = read_recipient_type (attendee, &type);

  if (address != NULL && g_hash_table_steal_extended (people->rows, address, (gpointer *) &taken,
                                                      (gpointer *) &recipient))
    {
      if (has_type && !imsg_recipient_set_recipient_type (recipient, type, error))
        return FALSE;
    }
  else if (is_organizer && people->is_mail)
    return TRUE; /* the mail is from there */
  else
    recipient = imsg_message_add_recipient (message, type, person->name, person->address, error);
  return recipient != NULL &&
         imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_RECIPIENT_FLAGS,
                                       flags, error) &&
         imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (recipient),
                                       IMSG_PR_RECIPIENT_TRACKSTATUS, get_track_status (attendee),
                                       error);
}

/* The names of all, of those who are asked, of those who may come ([MS-OXOCAL] 2.2.1.16-18). */
static gboolean
set_name_lists (IMsgMessage  *message,
                GError      **error)
{
  static const struct
  {
    guint32 id;
    int     type; /* -1 for all */
  } lists[] = { { 0x8238, -1 }, { 0x823B, IMSG_RECIPIENT_TYPE_TO }, { 0x823C, IMSG_RECIPIENT_TYPE_CC } };
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr(GString) names = g_string_new (NULL);

      for (guint k = 0; k < n_recipients; k++)
        {
          g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, k);
          const char *name = imsg_recipient_get_name (recipient);
          gint64 flags = imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (recipient),
                                                       IMSG_PR_RECIPIENT_FLAGS);

          int type = (int) imsg_recipient_get_recipient_type (recipient);

          if (name == NULL || (flags & IMSG_RECIPIENT_FLAG_ORGANIZER) != 0 ||
              (lists[i].type >= 0 && type != lists[i].type))
            continue;
          if (names->len > 0)
            g_string_append (names, "; ");
          g_string_append (names, name);
        }
      if (!_imsg_named_set_text (message, IMSG_SET_APPOINTMENT, lists[i].id, names->str, error))
        return FALSE;
    }
  return TRUE;
}

/* An answer comes from the one who answers and goes to the organizer; where it names several, the
 * mail knows which one it is. */
static gboolean
import_answer (IMsgCalendarImport *import,
               icalcomponent      *event,
               icalproperty       *organizer,
               icalproperty       *attendee,
               GError            **error)
{
  IMsgMessage *message = import->message;
  g_auto(People) people = { NULL };
  g_auto(Person) person = { NULL };

  if (icalcomponent_count_properties (event, ICAL_ATTENDEE_PROPERTY) > 1 &&
      imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (message),
                                      IMSG_PR_SENT_REPRESENTING_NAME))
    attendee = NULL;
  if (attendee != NULL &&
      read_person (import, attendee, icalproperty_get_attendee (attendee), &person) &&
      !set_author (message, &person, error))
    return FALSE;
  if (organizer == NULL ||
      !read_person (import, organizer, icalproperty_get_organizer (organizer), &person))
    return TRUE;
  if (g_list_model_get_n_items (imsg_message_get_recipients (message)) == 0)
    {
      g_autoptr(IMsgRecipient) recipient = imsg_message_add_recipient (
        message, IMSG_RECIPIENT_TYPE_TO, person.name, person.address, error);

      return recipient != NULL;
    }
  people.organizer = fold_address (person.address);
  index_recipients (&people, message);
  return mark_organizer (&people, message, error);
}

gboolean
_imsg_calendar_import_people (IMsgCalendarImport *import,
                              icalcomponent      *event,
                              GError            **error)
{
  IMsgMessage *message = import->message;
  icalproperty *organizer = icalcomponent_get_first_property (event, ICAL_ORGANIZER_PROPERTY);
  icalproperty *attendee = icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY);
  gboolean wants_answer = FALSE;
  g_auto(People) people = { NULL };
  g_auto(Person) person = { NULL };

  if (g_str_has_prefix (imsg_message_get_message_class (message), "IPM.Schedule.Meeting.Resp"))
    return import_answer (import, event, organizer, attendee, error);
  if (organizer != NULL &&
      read_person (import, organizer, icalproperty_get_organizer (organizer), &person))
    {
      if (!set_author (message, &person, error) ||
          !set_sent_by (import, organizer, &person, error))
        return FALSE;
      people.organizer = fold_address (person.address);
    }
  index_recipients (&people, message);
  if (!mark_organizer (&people, message, error))
    return FALSE;
  for (; attendee != NULL;
       attendee = icalcomponent_get_next_property (event, ICAL_ATTENDEE_PROPERTY))
    {
      icalparameter *rsvp = icalproperty_get_first_parameter (attendee, ICAL_RSVP_PARAMETER);

      wants_answer |= rsvp != NULL && icalparameter_get_rsvp (rsvp) == ICAL_RSVP_TRUE;
      if (read_person (import, attendee, icalproperty_get_attendee (attendee), &person) &&
          !add_attendee (&people, message, attendee, &person, error))
        return FALSE;
    }
  return (!wants_answer ||
          (imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message),
                                             IMSG_PR_RESPONSE_REQUESTED, TRUE, error) &&
           imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message),
                                             IMSG_PR_REPLY_REQUESTED, TRUE, error))) &&
         set_name_lists (message, error);
}
