/* mapi-guid.c - every identifier, as a data symbol
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

#define OLE_TAIL { 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46 }
#define DEFINE_OLE(name, first) const GUID name = { first, 0, 0, OLE_TAIL }

const GUID GUID_NULL = { 0, 0, 0, { 0 } };
const GUID IID_NULL = { 0, 0, 0, { 0 } };
const GUID CLSID_NULL = { 0, 0, 0, { 0 } };

DEFINE_OLE (IID_IUnknown, 0x00000000);
DEFINE_OLE (IID_IMalloc, 0x00000002);
DEFINE_OLE (IID_ILockBytes, 0x0000000A);
DEFINE_OLE (IID_IStorage, 0x0000000B);
DEFINE_OLE (IID_IStream, 0x0000000C);
DEFINE_OLE (IID_IEnumSTATSTG, 0x0000000D);
DEFINE_OLE (IID_IRootStorage, 0x00000012);
DEFINE_OLE (IID_IPropertyStorage, 0x00000138);
DEFINE_OLE (IID_IPropertySetStorage, 0x0000013A);

const GUID IID_ISequentialStream = {
  0x0C733A30, 0x2A1C, 0x11CE, { 0xAD, 0xE5, 0x00, 0xAA, 0x00, 0x44, 0x77, 0x3D }
};
const GUID IID_IDirectWriterLock = {
  0x0E6D4D92, 0x6738, 0x11CF, { 0x96, 0x08, 0x00, 0xAA, 0x00, 0x68, 0x0D, 0xB4 }
};
const GUID FMTID_SummaryInformation = {
  0xF29F85E0, 0x4FF9, 0x1068, { 0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3, 0xD9 }
};

DEFINE_OLE (IID_IMAPISession, 0x00020300);
DEFINE_OLE (IID_IMAPITable, 0x00020301);
DEFINE_OLE (IID_IMAPIAdviseSink, 0x00020302);
DEFINE_OLE (IID_IMAPIProp, 0x00020303);
DEFINE_OLE (IID_IProfSect, 0x00020304);
DEFINE_OLE (IID_IMAPIStatus, 0x00020305);
DEFINE_OLE (IID_IMsgStore, 0x00020306);
DEFINE_OLE (IID_IMessage, 0x00020307);
DEFINE_OLE (IID_IAttachment, 0x00020308);
DEFINE_OLE (IID_IAddrBook, 0x00020309);
DEFINE_OLE (IID_IMailUser, 0x0002030A);
DEFINE_OLE (IID_IMAPIContainer, 0x0002030B);
DEFINE_OLE (IID_IMAPIFolder, 0x0002030C);
DEFINE_OLE (IID_IABContainer, 0x0002030D);
DEFINE_OLE (IID_IDistList, 0x0002030E);
DEFINE_OLE (IID_IMAPISup, 0x0002030F);
DEFINE_OLE (IID_IMAPITableData, 0x00020316);
DEFINE_OLE (IID_IMAPIPropData, 0x0002031A);
DEFINE_OLE (IID_ITNEF, 0x00020319);
DEFINE_OLE (IID_IMAPIProgress, 0x0002031F);
DEFINE_OLE (IID_IPersistMessage, 0x0002032A);
DEFINE_OLE (IID_IStreamDocfile, 0x0002032C);
DEFINE_OLE (IID_IStreamTnef, 0x00020330);
DEFINE_OLE (MUID_PROFILE_INSTANCE, 0x00020385);
DEFINE_OLE (PS_MAPI, 0x00020328);
DEFINE_OLE (PS_PUBLIC_STRINGS, 0x00020329);
DEFINE_OLE (PS_ROUTING_EMAIL_ADDRESSES, 0x00020380);
DEFINE_OLE (PS_ROUTING_ADDRTYPE, 0x00020381);
DEFINE_OLE (PS_ROUTING_DISPLAY_NAME, 0x00020382);
DEFINE_OLE (PS_ROUTING_ENTRYID, 0x00020383);
DEFINE_OLE (PS_ROUTING_SEARCH_KEY, 0x00020384);
DEFINE_OLE (PS_INTERNET_HEADERS, 0x00020386);
DEFINE_OLE (PSETID_Appointment, 0x00062002);
DEFINE_OLE (PSETID_Task, 0x00062003);
DEFINE_OLE (PSETID_Address, 0x00062004);
DEFINE_OLE (PSETID_Common, 0x00062008);
DEFINE_OLE (PSETID_Log, 0x0006200A);
DEFINE_OLE (PSETID_Note, 0x0006200E);
DEFINE_OLE (PSETID_Report, 0x00062013);
DEFINE_OLE (PSETID_Remote, 0x00062014);
DEFINE_OLE (PSETID_Sharing, 0x00062040);
DEFINE_OLE (PSETID_PostRss, 0x00062041);
const GUID PSETID_Meeting = {
  0x6ED8DA90, 0x450B, 0x101B, { 0x98, 0xDA, 0x00, 0xAA, 0x00, 0x3F, 0x13, 0x05 }
};
const GUID PSETID_CalendarAssistant = {
  0x11000E07, 0xB51B, 0x40D6, { 0xAF, 0x21, 0xCA, 0xA8, 0x5E, 0xDA, 0xB1, 0xD0 }
};
const GUID PSETID_Attachment = {
  0x96357F7F, 0x59E1, 0x47D0, { 0x99, 0xA7, 0x46, 0x51, 0x5C, 0x18, 0x3B, 0x54 }
};
const GUID PSETID_UnifiedMessaging = {
  0x4442858E, 0xA9E3, 0x4E80, { 0xB9, 0x00, 0x31, 0x7A, 0x21, 0x0C, 0xC1, 0x5B }
};
const GUID PSETID_AirSync = {
  0x71035549, 0x0739, 0x4DCB, { 0x91, 0x63, 0x00, 0xF0, 0x58, 0x0D, 0xBB, 0xDF }
};
const GUID PSETID_Messaging = {
  0x41F28F13, 0x83F4, 0x4114, { 0xA5, 0x84, 0xEE, 0xDB, 0x5A, 0x6B, 0x0B, 0xFF }
};
const GUID PSETID_XmlExtractedEntities = {
  0x23239608, 0x685D, 0x4732, { 0x9C, 0x55, 0x4C, 0x95, 0xCB, 0x4E, 0x8E, 0x33 }
};

void
mapi_guid_to_text (const GUID *guid,
                   char        text[MAPI_GUID_TEXT_SIZE])
{
  g_snprintf (text, MAPI_GUID_TEXT_SIZE,
              "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", guid->Data1, guid->Data2,
              guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3],
              guid->Data4[4], guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

gboolean
mapi_guid_from_text (const char *text,
                     GUID       *guid)
{
  guint bytes[8];
  guint data1, data2, data3;

  if (text == NULL || strlen (text) != MAPI_GUID_TEXT_SIZE - 1 ||
      sscanf (text, "%8x-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x", &data1, &data2, &data3, &bytes[0],
              &bytes[1], &bytes[2], &bytes[3], &bytes[4], &bytes[5], &bytes[6], &bytes[7]) != 11)
    return FALSE;
  guid->Data1 = data1;
  guid->Data2 = (guint16) data2;
  guid->Data3 = (guint16) data3;
  for (int i = 0; i < 8; i++)
    guid->Data4[i] = (guint8) bytes[i];
  return TRUE;
}

gboolean
mapi_guid_equal (const GUID *a,
                 const GUID *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}
