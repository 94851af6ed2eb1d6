/* imsg-code-page-info.c - what is known of a code page
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <stdlib.h>

#include "imsg-code-page-internal-private.h"

static int
compare_code_page (const void *key,
                   const void *member)
{
  guint code_page = *(const guint *) key;
  const IMsgCodePageInfo *info = member;

  return (code_page > info->code_page) - (code_page < info->code_page);
}

const IMsgCodePageInfo *
_imsg_code_page_get_info (guint code_page)
{
  return bsearch (&code_page, _imsg_code_pages, _imsg_n_code_pages, sizeof *_imsg_code_pages,
                  compare_code_page);
}

gunichar
_imsg_code_page_get_exception (guint  code_page,
                               guint8 byte)
{
  for (guint i = 0; i < _imsg_n_code_page_exceptions; i++)
    {
      if (_imsg_code_page_exceptions[i].code_page == code_page &&
          _imsg_code_page_exceptions[i].byte == byte)
        return _imsg_code_page_exceptions[i].character;
    }
  return 0;
}

int
_imsg_code_page_get_exception_byte (guint    code_page,
                                    gunichar character)
{
  for (guint i = 0; i < _imsg_n_code_page_exceptions; i++)
    {
      if (_imsg_code_page_exceptions[i].code_page == code_page &&
          _imsg_code_page_exceptions[i].character == character)
        return _imsg_code_page_exceptions[i].byte;
    }
  return -1;
}

gconstpointer
_imsg_code_page_get_table (gpointer               *slot,
                           const IMsgCodePageInfo *info,
                           IMsgCodePageTableMaker  make)
{
  gpointer table = g_atomic_pointer_get (slot);

  if (table == NULL)
    {
      table = make (info);
      if (!g_atomic_pointer_compare_and_exchange (slot, NULL, table))
        {
          g_free (table);
          table = g_atomic_pointer_get (slot);
        }
    }
  return table;
}
