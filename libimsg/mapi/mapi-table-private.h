/* mapi-table-private.h - IMAPITable over a table of the library
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mapi-object-private.h"

G_BEGIN_DECLS

typedef struct
{
  IMAPITable            iface;
  int                   ref_count;
  MapiObject           *message;     /* counted */
  IMsgTable            *table;       /* owned */
  ULONG                 flags;       /* MAPI_UNICODE or 0 */
  gboolean              is_attachments;
  gboolean              has_columns; /* chosen by the caller, so taken as they are */
  GHashTable           *sinks;       /* connection → IMAPIAdviseSink, counted */
  ULONG                 next_connection;
  gboolean              has_missed;  /* something changed during a batch */
  GQueue                changes;     /* of RowChange: what is to be told later */
  GHashTable           *changes_of_rows; /* row → RowChange, unowned */
  ULONG                 type;        /* as GetStatus gives it */
  ULONG                 index_tag;   /* of what a row is known by in notifications */
  GArray               *all_columns; /* (nullable): counted; those of ITableData */
  LPTABLEDATA           data;        /* (nullable): counted; what it is a view of */
  CALLERRELEASE        *caller_release; /* (nullable): told at the last release */
  ULONG_PTR             caller_data;
  LPSSortOrderSet       order;       /* (nullable): in GLib's memory, as QuerySortOrder gives it */
  HRESULT               last_result;
  char                 *last_text;   /* (nullable) */
} MapiTable;

/* The columns in effect, in the width of the table; free with g_free(). */
ULONG   *mapi_table_dup_columns (MapiTable          *self,
                                 gboolean            all,
                                 gsize              *n_columns);
/* The values of a row, in one block of allocators; NULL without memory. */
LPSPropValue mapi_table_read_row (MapiTable          *self,
                                  IMsgPropertyObject *row,
                                  const ULONG        *columns,
                                  gsize               n_columns);
/* Signals of the library's table become notifications. */
void     mapi_table_connect     (MapiTable          *self);
void     mapi_table_disconnect  (MapiTable          *self);
/* Tells nobody of what is still to be told. */
void     mapi_table_drop_changes (MapiTable         *self);
/* Takes the table. message is what gives allocators, and knows the open tables. */
MapiTable *mapi_table_new       (MapiObject         *message,
                                 IMsgTable          *table,
                                 ULONG               flags);

/* The open tables of message that show the row; counted. */
GPtrArray *mapi_tables_list_seeing  (MapiObject         *message,
                                     IMsgPropertyObject *row);
/* The row changed: it came into a table, left it, or stays in it. */
void       mapi_tables_tell_modified (MapiObject         *message,
                                      IMsgPropertyObject *row,
                                      GPtrArray          *seen_before);
void       mapi_tables_tell         (MapiObject         *message,
                                     ULONG               event);

G_END_DECLS
