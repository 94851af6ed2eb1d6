/* mapi-private.h - what the files of the MAPI face share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

#include "imessage.h"
#include "mapiutil.h"
#include "shlwapi.h"

G_BEGIN_DECLS

/* What the caller of OpenIMsgOnIStg gave: everything that leaves is allocated with it. */
typedef struct
{
  ALLOCATEBUFFER *allocate_buffer;
  ALLOCATEMORE   *allocate_more;
  FREEBUFFER     *free_buffer;
} MapiAllocators;

extern const MapiAllocators mapi_default_allocators;

/* --- memory --- */

LPVOID   mapi_task_memdup         (gconstpointer          data,
                                   gsize                  n_bytes);
/* Allocates n_bytes, all zero; NULL when it cannot. The first block when base is NULL, else one
 * linked to base. */
LPVOID   mapi_allocate            (const MapiAllocators  *allocators,
                                   gpointer               base,
                                   gsize                  n_bytes);

/* --- text --- */

gsize    mapi_wide_length         (const WCHAR           *text);
/* UTF-8 for it, newly allocated; lone surrogates become U+FFFD. */
char    *mapi_wide_to_utf8        (const WCHAR           *text);
/* The same, but NULL when it is no valid UTF-16. */
char    *mapi_wide_to_utf8_strict (const WCHAR           *text);
/* UTF-16 in task memory */
LPWSTR   mapi_utf8_to_task_wide   (const char            *text);
/* UTF-16 linked to base in the caller's memory */
LPWSTR   mapi_utf8_to_wide        (const char            *text,
                                   const MapiAllocators  *allocators,
                                   gpointer               base);

/* --- names of members of storages --- */

/* [MS-CFB] 2.6.4: names are compared by unit, each upper-cased by itself. */
static inline gunichar2
mapi_name_upper (gunichar2 unit)
{
  return (gunichar2) g_unichar_toupper (unit);
}

/* What equal names have in common; free with g_free(). */
char    *mapi_name_key            (const char            *name);
gboolean mapi_names_equal         (const char            *a,
                                   const char            *b);

/* --- GUIDs --- */

#define MAPI_GUID_TEXT_SIZE 37
void     mapi_guid_to_text        (const GUID            *guid,
                                   char                   text[MAPI_GUID_TEXT_SIZE]);
gboolean mapi_guid_from_text      (const char            *text,
                                   GUID                  *guid);
gboolean mapi_guid_equal          (const GUID            *a,
                                   const GUID            *b);

/* --- objects --- */

/* What QueryInterface answers for an object of one table of methods: the object, with a reference,
 * to IUnknown and to the interfaces it has; base may be NULL. */
HRESULT  mapi_answer_interface    (gpointer               object,
                                   REFIID                 wanted,
                                   LPVOID                *answer,
                                   REFIID                 own,
                                   REFIID                 base);

/* --- codes --- */

/* The MAPI code of an error, never a success. */
SCODE    mapi_error_to_scode      (const GError          *error);
/* Takes the error, gives its MAPI code. */
SCODE    mapi_take_error          (GError               **error);
/* The same for the interfaces of storages and streams, whose codes are their own. */
HRESULT  mapi_take_storage_error  (GError               **error);
SCODE    mapi_code_to_scode       (IMsgError              code);

/* --- FILETIME --- */

static inline guint64
mapi_filetime_to_ticks (FILETIME time)
{
  return ((guint64) time.dwHighDateTime << 32) | time.dwLowDateTime;
}

static inline FILETIME
mapi_ticks_to_filetime (guint64 ticks)
{
  FILETIME time = { (DWORD) ticks, (DWORD) (ticks >> 32) };

  return time;
}

G_END_DECLS
