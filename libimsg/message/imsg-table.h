/* imsg-table.h - a live table over recipients, attachments or messages (IMAPITable)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-restriction.h"
#include "imsg-session.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_BOOKMARK_BEGINNING = 0,
  IMSG_BOOKMARK_CURRENT = 1,
  IMSG_BOOKMARK_END = 2,
} IMsgBookmark;

typedef enum
{
  IMSG_TABLE_FIND_FORWARD = 0,
  IMSG_TABLE_FIND_BACKWARD = 1 << 0,
} IMsgTableFindFlags;

typedef enum
{
  IMSG_TABLE_QUERY_ADVANCE = 0,
  IMSG_TABLE_QUERY_NO_ADVANCE = 1 << 0,
} IMsgTableQueryFlags;

#define IMSG_TYPE_TABLE (imsg_table_get_type ())
IMSG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IMsgTable, imsg_table, IMSG, TABLE, GObject)

IMSG_AVAILABLE_IN_ALL
IMsgTable *imsg_message_get_recipient_table  (IMsgMessage          *self,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
IMsgTable *imsg_message_get_attachment_table (IMsgMessage          *self,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
IMsgTable *imsg_session_get_message_table    (IMsgSession          *self,
                                              GError              **error);

IMSG_AVAILABLE_IN_ALL
IMsgTable *imsg_table_new                    (GListModel           *rows) G_GNUC_WARN_UNUSED_RESULT;

IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_set_columns            (IMsgTable            *self,
                                              const guint32        *tags,
                                              gsize                 n_tags,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
guint32   *imsg_table_get_columns            (IMsgTable            *self,
                                              gboolean              all,
                                              gsize                *n_tags);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_restrict               (IMsgTable            *self,
                                              IMsgRestriction      *restriction,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_sort                   (IMsgTable            *self,
                                              const guint32        *tags,
                                              gsize                 n_tags,
                                              const gboolean       *descending,
                                              gsize                 n_descending,
                                              GError              **error);
/* Hides rows from the table for good, whatever it is restricted to; the user of one table only */
typedef gboolean (*IMsgTableFilterFunc)      (IMsgPropertyObject   *row,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
void       imsg_table_set_filter             (IMsgTable            *self,
                                              IMsgTableFilterFunc   filter,
                                              gpointer              user_data,
                                              GDestroyNotify        destroy);
/* Looks at all rows again, for a filter that answers otherwise now */
IMSG_AVAILABLE_IN_ALL
void       imsg_table_refresh                (IMsgTable            *self);
IMSG_AVAILABLE_IN_ALL
guint      imsg_table_get_n_rows             (IMsgTable            *self);
IMSG_AVAILABLE_IN_ALL
guint      imsg_table_get_position           (IMsgTable            *self);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_seek                   (IMsgTable            *self,
                                              guint                 bookmark,
                                              int                   n_rows,
                                              int                  *n_moved,
                                              gboolean             *bookmark_moved,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_find                   (IMsgTable            *self,
                                              IMsgRestriction      *restriction,
                                              guint                 bookmark,
                                              IMsgTableFindFlags    flags,
                                              gboolean             *bookmark_moved,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
guint      imsg_table_create_bookmark        (IMsgTable            *self,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_free_bookmark          (IMsgTable            *self,
                                              guint                 bookmark,
                                              GError              **error);
/* Rows as the objects behind them, and one value of a row (PR_INSTANCE_KEY, PR_ROWID and
 * PR_ATTACH_NUM included) */
IMSG_AVAILABLE_IN_ALL
GPtrArray *imsg_table_query_rows             (IMsgTable            *self,
                                              int                   n_rows,
                                              IMsgTableQueryFlags   flags,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
GVariant  *imsg_table_get_row_value          (IMsgTable            *self,
                                              IMsgPropertyObject   *row,
                                              guint32               tag,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_get_row_position       (IMsgTable            *self,
                                              IMsgPropertyObject   *row,
                                              guint                *position);
IMSG_AVAILABLE_IN_ALL
gboolean   imsg_table_is_closed              (IMsgTable            *self);
IMSG_AVAILABLE_IN_ALL
void       imsg_table_close                  (IMsgTable            *self);

G_END_DECLS
