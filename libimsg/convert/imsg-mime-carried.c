/* imsg-mime-carried.c - named properties that have a place in MIME
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar.h"
#include "imsg-mime-private.h"
#include "imsg-vcard.h"

typedef enum
{
  CARRIER_HEADER,
  CARRIER_CALENDAR, /* says it, or what it follows from */
  CARRIER_CARD,
} Carrier;

static const struct
{
  Carrier     carrier;
  const char *set;
  guint32     first;
  guint32     last;
} carried[] = {
  /* flag for follow-up, classification */
  { CARRIER_HEADER, "PSETID_Common", 0x8530, 0x8530 },
  { CARRIER_HEADER, "PSETID_Common", 0x85B5, 0x85B8 },
  { CARRIER_HEADER, "PSETID_Common", 0x85BA, 0x85BA },
  /* times, place, people, recurrence, zones, proposal */
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8201, 0x8201 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8205, 0x8205 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8208, 0x8208 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x820D, 0x820E },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8213, 0x8213 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8215, 0x8218 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8223, 0x8224 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8228, 0x8229 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8231, 0x8236 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8238, 0x8238 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x823B, 0x823C },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8250, 0x8251 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x8257, 0x8257 },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x825A, 0x825A },
  { CARRIER_CALENDAR, "PSETID_Appointment", 0x825E, 0x8260 },
  /* ids, critical changes */
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x0001, 0x0001 },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x0003, 0x0003 },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x0005, 0x0005 },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x000A, 0x000A },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x000E, 0x000E },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x001A, 0x001A },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x0023, 0x0023 },
  { CARRIER_CALENDAR, "PSETID_Meeting", 0x0026, 0x0026 },
  /* reminder, privacy, start and end, mileage, billing, companies, contacts */
  { CARRIER_CALENDAR, "PSETID_Common", 0x8501, 0x8503 },
  { CARRIER_CALENDAR, "PSETID_Common", 0x8506, 0x8506 },
  { CARRIER_CALENDAR, "PSETID_Common", 0x8510, 0x8510 },
  { CARRIER_CALENDAR, "PSETID_Common", 0x8516, 0x8517 },
  { CARRIER_CALENDAR, "PSETID_Common", 0x8534, 0x8535 },
  { CARRIER_CALENDAR, "PSETID_Common", 0x8539, 0x853A },
  { CARRIER_CALENDAR, "PSETID_Common", 0x8560, 0x8560 },
  { CARRIER_CALENDAR, "PSETID_Task", 0x8101, 0x8102 },
  { CARRIER_CALENDAR, "PSETID_Task", 0x8104, 0x8105 },
  { CARRIER_CALENDAR, "PSETID_Task", 0x810F, 0x8111 },
  { CARRIER_CALENDAR, "PSETID_Task", 0x8116, 0x8116 },
  { CARRIER_CALENDAR, "PSETID_Task", 0x811C, 0x811C },
  { CARRIER_CALENDAR, "PSETID_Task", 0x811F, 0x811F },
  { CARRIER_CALENDAR, "PSETID_Task", 0x8126, 0x8126 },
  { CARRIER_CALENDAR, "PSETID_Log", 0x8700, 0x8700 },
  { CARRIER_CALENDAR, "PSETID_Log", 0x8706, 0x8708 },
  { CARRIER_CALENDAR, "PSETID_Log", 0x8712, 0x8712 },
  /* names, addresses, members */
  { CARRIER_CARD, "PSETID_Address", 0x8005, 0x8006 },
  { CARRIER_CARD, "PSETID_Address", 0x8015, 0x8015 },
  { CARRIER_CARD, "PSETID_Address", 0x801A, 0x801C },
  { CARRIER_CARD, "PSETID_Address", 0x8022, 0x8022 },
  { CARRIER_CARD, "PSETID_Address", 0x8028, 0x8029 },
  { CARRIER_CARD, "PSETID_Address", 0x802B, 0x802E },
  { CARRIER_CARD, "PSETID_Address", 0x8041, 0x8041 },
  { CARRIER_CARD, "PSETID_Address", 0x8045, 0x804A },
  { CARRIER_CARD, "PSETID_Address", 0x804C, 0x804C },
  { CARRIER_CARD, "PSETID_Address", 0x804F, 0x8055 },
  { CARRIER_CARD, "PSETID_Address", 0x8062, 0x8062 },
  { CARRIER_CARD, "PSETID_Address", 0x8064, 0x8064 },
  { CARRIER_CARD, "PSETID_Address", 0x8080, 0x8085 },
  { CARRIER_CARD, "PSETID_Address", 0x8090, 0x8095 },
  { CARRIER_CARD, "PSETID_Address", 0x80A0, 0x80A5 },
  { CARRIER_CARD, "PSETID_Address", 0x80D8, 0x80D8 },
  { CARRIER_CARD, "PSETID_Address", 0x80DE, 0x80DF },
};

gboolean
_imsg_mime_carries (IMsgMessage            *message,
                    const IMsgPropertyName *name)
{
  const char *set = imsg_property_name_get_set_name (name);
  const char *text = imsg_property_name_get_string (name);

  if (text != NULL)
    return g_strcmp0 (set, "PS_INTERNET_HEADERS") == 0 ||
           (g_strcmp0 (set, "PS_PUBLIC_STRINGS") == 0 && strcmp (text, "Keywords") == 0);
  for (guint i = 0; i < G_N_ELEMENTS (carried); i++)
    if (g_strcmp0 (set, carried[i].set) == 0 &&
        imsg_property_name_get_id (name) >= carried[i].first &&
        imsg_property_name_get_id (name) <= carried[i].last)
      switch (carried[i].carrier)
        {
        case CARRIER_CALENDAR:
          return imsg_message_is_calendar (message);
        case CARRIER_CARD:
          return imsg_message_is_contact (message);
        case CARRIER_HEADER:
        default:
          return TRUE;
        }
  return FALSE;
}
