/* imsg-property-set.c - document properties, before libgsf reads them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-set-private.h"

#include "imsg-code-page-private.h"
#include "imsg-compound-private.h"

#include <gsf/gsf.h>
#include <gsf/gsf-msole-utils.h>

/* [MS-OLEPS] 2.21: the header, a format id and where its section begins, for one or two sections */
#define SET_HEADER 28
#define SET_SECTION 20
/* 2.20: size and number of properties, then id and offset of each */
#define SECTION_HEADER 8
#define SECTION_PROPERTY 8
/* As many as have names by far; each is compared with its neighbours */
#define PROPERTIES_MAX 4096

#define ID_DICTIONARY 0
#define ID_CODE_PAGE 1
/* Where in the document a property comes from; libgsf warns of one without that property */
#define ID_LINK 0x01000000

/* libgsf reads no longer text */
#define TEXT_MAX 0xFFFF

/* 2.15: those that libgsf reads. VARIANT and VECTOR stand for others. */
enum
{
  TYPE_I2 = 0x02,
  TYPE_I4 = 0x03,
  TYPE_R4 = 0x04,
  TYPE_R8 = 0x05,
  TYPE_BOOL = 0x0B,
  TYPE_VARIANT = 0x0C,
  TYPE_UI1 = 0x11,
  TYPE_UI2 = 0x12,
  TYPE_UI4 = 0x13,
  TYPE_I8 = 0x14,
  TYPE_UI8 = 0x15,
  TYPE_LPSTR = 0x1E,
  TYPE_LPWSTR = 0x1F,
  TYPE_FILETIME = 0x40,
  TYPE_CF = 0x47,
  TYPE_MAX = 0xFFF,
  TYPE_VECTOR = 0x1000,
};

typedef struct
{
  guint8  *table;      /* id and offset of each property */
  guint32  n_properties;
  guint8  *bytes;      /* of the section */
  gsize    n_bytes;
  guint32 *offsets;    /* of the properties, ascending */
  guint    code_page;  /* 0 before it is found, and for one that libgsf does not read */
  guint    unit;       /* bytes of its smallest character */
  GIConv   converter;  /* libgsf's own from it: it prints what that refuses */
} Section;

static gboolean
is_text_sound (const Section *section,
               const guint8  *bytes,
               gsize          n_bytes)
{
  g_autofree char *text = NULL;

  if (section->code_page == 0)
    return FALSE;
  text = g_convert_with_iconv ((const char *) bytes, n_bytes, section->converter, NULL, NULL, NULL);
  return text != NULL;
}

/* A length in bytes in front of its text. Only where characters have two bytes is it padded, in a
 * vector too; the last character, which is to be a NUL, is not looked at. */
static gsize
measure_text (const Section *section,
              const guint8  *bytes,
              gsize          n_bytes)
{
  gsize n_text = n_bytes >= 4 ? _imsg_get_u32 (bytes) : G_MAXSIZE;
  gsize n_padded = n_text;

  if (n_text > TEXT_MAX)
    return 0;
  if (section->unit == 2)
    n_padded = (n_text + 3) & ~(gsize) 3;
  return n_padded <= n_bytes - 4 &&
         is_text_sound (section, bytes + 4, n_text > section->unit ? n_text - section->unit : 0)
           ? 4 + n_padded : 0;
}

/* A length in characters in front of its text */
static gsize
measure_wide_text (const guint8 *bytes,
                   gsize         n_bytes)
{
  gsize n_text = n_bytes >= 4 ? _imsg_get_u32 (bytes) : G_MAXSIZE;

  return n_text <= TEXT_MAX && 2 * n_text <= n_bytes - 4 &&
         _imsg_code_page_is_valid (IMSG_CODE_PAGE_UTF16LE, bytes + 4, 2 * n_text)
           ? 4 + 2 * n_text : 0;
}

/* A size in front of a format and the bytes, as of a thumbnail: 2.11 */
static gsize
measure_clip (const guint8 *bytes,
              gsize         n_bytes)
{
  gsize n_clip = n_bytes >= 4 ? _imsg_get_u32 (bytes) : 0;

  return n_clip > 4 && n_clip <= n_bytes - 4 ? 4 + n_clip : 0;
}

/* What libgsf takes for a value, without its type; 0 when that cannot be. Elements of a vector
 * follow one another as close: those that Office writes are not padded ([MS-OSHARED] 2.3.3.1). */
static gsize
measure_value (const Section *section,
               guint          type,
               const guint8  *bytes,
               gsize          n_bytes)
{
  gsize n_wanted = 0;

  switch (type)
    {
    case TYPE_BOOL:
    case TYPE_UI1:
      n_wanted = 1;
      break;
    case TYPE_I2:
    case TYPE_UI2:
      n_wanted = 2;
      break;
    case TYPE_I4:
    case TYPE_R4:
    case TYPE_UI4:
      n_wanted = 4;
      break;
    case TYPE_R8:
    case TYPE_I8:
    case TYPE_UI8:
    case TYPE_FILETIME:
      n_wanted = 8;
      break;
    case TYPE_LPSTR:
      return measure_text (section, bytes, n_bytes);
    case TYPE_LPWSTR:
      return measure_wide_text (bytes, n_bytes);
    case TYPE_CF:
      return measure_clip (bytes, n_bytes);
    default:
      return 0;
    }
  return n_wanted <= n_bytes ? n_wanted : 0;
}

static gboolean
is_vector_sound (const Section *section,
                 guint          type,
                 const guint8  *bytes,
                 gsize          n_bytes)
{
  gsize at = 4;
  guint32 n_elements = 0;

  if (n_bytes < 4 || type > TYPE_MAX)
    return FALSE;
  n_elements = _imsg_get_u32 (bytes);
  for (guint32 i = 0; i < n_elements; i++)
    {
      guint element = type;
      gsize n = 0;

      if (type == TYPE_VARIANT && n_bytes - at >= 4)
        {
          element = _imsg_get_u32 (bytes + at);
          at += 4;
        }
      n = measure_value (section, element, bytes + at, n_bytes - at);
      if (n == 0)
        return FALSE;
      at += n;
    }
  return TRUE;
}

/* Names of properties, each with its id and length: 2.17 */
static gboolean
is_dictionary_sound (const Section *section,
                     const guint8  *bytes,
                     gsize          n_bytes)
{
  gsize at = 4;
  guint32 n_names = _imsg_get_u32 (bytes);

  for (guint32 i = 0; i < n_names; i++)
    {
      guint32 n_units = 0;
      gsize n_text = 0;

      if (n_bytes - at < 8)
        return FALSE;
      n_units = _imsg_get_u32 (bytes + at + 4);
      n_text = n_units * (gsize) section->unit;
      at += 8;
      if (n_units > TEXT_MAX || n_text > n_bytes - at ||
          !is_text_sound (section, bytes + at, n_text))
        return FALSE;
      at += section->unit == 2 ? MIN ((n_text + 3) & ~(gsize) 3, n_bytes - at) : n_text;
    }
  return TRUE;
}

/* Of a document, and the second of those properties that have names: 2.22 to 2.24 */
static gboolean
is_known_format (const guint8 *id)
{
  static const guint8 formats[][16] = {
    { 0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10, 0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3, 0xD9 },
    { 0x02, 0xD5, 0xCD, 0xD5, 0x9C, 0x2E, 0x1B, 0x10, 0x93, 0x97, 0x08, 0x00, 0x2B, 0x2C, 0xF9, 0xAE },
    { 0x05, 0xD5, 0xCD, 0xD5, 0x9C, 0x2E, 0x1B, 0x10, 0x93, 0x97, 0x08, 0x00, 0x2B, 0x2C, 0xF9, 0xAE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (memcmp (id, formats[i], sizeof formats[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static int
compare_offsets (const void *a,
                 const void *b)
{
  guint32 first = *(const guint32 *) a;
  guint32 second = *(const guint32 *) b;

  return (first > second) - (first < second);
}

/* A value ends where the next one begins; two cannot begin at one place */
static gsize
find_end (const Section *section,
          guint32        offset)
{
  const guint32 *place = bsearch (&offset, section->offsets, section->n_properties,
                                  sizeof offset, compare_offsets);
  gsize next = place - section->offsets + 1;

  return next < section->n_properties ? section->offsets[next] : section->n_bytes;
}

static gboolean
is_property_sound (const Section *section,
                   guint32        id,
                   guint32        offset)
{
  const guint8 *bytes = section->bytes + offset;
  gsize n_bytes = find_end (section, offset) - offset;
  guint32 type = 0;

  if (n_bytes < 4 || (id & ID_LINK) != 0)
    return FALSE;
  if (id == ID_DICTIONARY)
    return is_dictionary_sound (section, bytes, n_bytes);
  type = _imsg_get_u32 (bytes);
  if (id == ID_CODE_PAGE)
    return section->code_page != 0 && type == TYPE_I2 && n_bytes >= 6 &&
           section->code_page == _imsg_get_u16 (bytes + 4);
  if ((type & TYPE_VECTOR) != 0)
    return is_vector_sound (section, type & ~(guint32) TYPE_VECTOR, bytes + 4, n_bytes - 4);
  return measure_value (section, type, bytes + 4, n_bytes - 4) > 0;
}

/* Whether libgsf finds a converter of that name: it asks for "cp" and the number */
static gboolean
is_read_by_gsf (guint code_page)
{
  static const guint16 pages[] = {
    437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 874,
    932, 936, 949, 950, 1200, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 1361,
    10000, 10007, IMSG_CODE_PAGE_UTF8,
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      if (pages[i] == code_page)
        return TRUE;
    }
  return FALSE;
}

/* 1252 where none is given, and in the place of those that stand for it; 0 for one that libgsf does
 * not read: it would print that, and take text for 1252. */
static guint
find_code_page (Section *section)
{
  for (guint32 i = 0; i < section->n_properties; i++)
    {
      guint32 offset = _imsg_get_u32 (section->table + i * SECTION_PROPERTY + 4);
      guint8 *property = section->bytes + offset;
      guint code_page = 0;

      if (_imsg_get_u32 (section->table + i * SECTION_PROPERTY) != ID_CODE_PAGE)
        continue;
      if (find_end (section, offset) - offset < 6 || _imsg_get_u32 (property) != TYPE_I2)
        return 0;
      code_page = _imsg_code_page_widen (_imsg_get_u16 (property + 4));
      _imsg_put_u16 (property + 4, code_page);
      return is_read_by_gsf (code_page) ? code_page : 0;
    }
  return IMSG_CODE_PAGE_WINDOWS_1252;
}

static gboolean
sift_section (guint8 *bytes,
              gsize   n_bytes)
{
  g_autofree guint32 *offsets = NULL;
  Section section = { 0 };
  guint32 n_left = 0;
  gboolean has_dictionary = FALSE;

  if (n_bytes < SECTION_HEADER)
    return FALSE;
  section.table = bytes + SECTION_HEADER;
  section.bytes = bytes;
  section.n_bytes = _imsg_get_u32 (bytes);
  section.n_properties = _imsg_get_u32 (bytes + 4);
  if (section.n_bytes < SECTION_HEADER || section.n_bytes > n_bytes ||
      section.n_properties > PROPERTIES_MAX ||
      section.n_properties > (section.n_bytes - SECTION_HEADER) / SECTION_PROPERTY)
    return FALSE;
  offsets = g_new (guint32, section.n_properties + 1);
  for (guint32 i = 0; i < section.n_properties; i++)
    {
      offsets[i] = _imsg_get_u32 (section.table + i * SECTION_PROPERTY + 4);
      if (offsets[i] < SECTION_HEADER + section.n_properties * SECTION_PROPERTY ||
          offsets[i] > section.n_bytes - 4)
        return FALSE;
    }
  qsort (offsets, section.n_properties, sizeof *offsets, compare_offsets);
  for (guint32 i = 1; i < section.n_properties; i++)
    {
      if (offsets[i] == offsets[i - 1])
        return FALSE;
    }
  section.offsets = offsets;
  section.code_page = find_code_page (&section);
  section.unit = section.code_page == IMSG_CODE_PAGE_UTF16LE ? 2 : 1;
  if (section.code_page != 0)
    section.converter = gsf_msole_iconv_open_for_import (section.code_page);
  for (guint32 i = 0; i < section.n_properties; i++)
    {
      guint8 *property = section.table + i * SECTION_PROPERTY;
      guint32 id = _imsg_get_u32 (property);

      if ((id == ID_DICTIONARY && has_dictionary) ||
          !is_property_sound (&section, id, _imsg_get_u32 (property + 4)))
        continue;
      memmove (section.table + n_left++ * SECTION_PROPERTY, property, SECTION_PROPERTY);
      has_dictionary |= id == ID_DICTIONARY;
    }
  _imsg_put_u32 (bytes + 4, n_left);
  if (section.code_page != 0)
    gsf_iconv_close (section.converter);
  return TRUE;
}

GBytes *
_imsg_property_set_sift (GBytes *bytes)
{
  g_autofree guint8 *set = NULL;
  gsize n_bytes = g_bytes_get_size (bytes);
  guint32 n_sections = 0;
  guint32 starts[2] = { 0, 0 };

  if (n_bytes < SET_HEADER + SET_SECTION)
    return NULL;
  set = g_memdup2 (g_bytes_get_data (bytes, NULL), n_bytes);
  n_sections = _imsg_get_u32 (set + 24);
  if (set[0] != 0xFE || set[1] != 0xFF || n_sections < 1 || n_sections > G_N_ELEMENTS (starts) ||
      n_bytes < SET_HEADER + n_sections * SET_SECTION)
    return NULL;
  for (guint32 i = 0; i < n_sections; i++)
    {
      starts[i] = _imsg_get_u32 (set + SET_HEADER + i * SET_SECTION + 16);
      if (starts[i] < SET_HEADER + n_sections * SET_SECTION || starts[i] > n_bytes ||
          !is_known_format (set + SET_HEADER + i * SET_SECTION))
        return NULL;
    }
  if (n_sections == 2 && starts[1] <= starts[0])
    return NULL;
  for (guint32 i = 0; i < n_sections; i++)
    {
      gsize end = i + 1 < n_sections ? starts[i + 1] : n_bytes;

      if (!sift_section (set + starts[i], end - starts[i]))
        return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&set), n_bytes);
}
