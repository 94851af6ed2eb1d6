/* imsg-table-private.h - a table, as the files that make it up see it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-restriction-private.h"
#include "imsg-table.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_TABLE_RECIPIENTS,
  IMSG_TABLE_ATTACHMENTS,
  IMSG_TABLE_MESSAGES,
  IMSG_TABLE_OBJECTS,
} IMsgTableKind;

/* One object of the source, in the view or not. */
typedef struct
{
  IMsgPropertyObject *object;       /* owned */
  gulong              handler;      /* of its property-changed signal */
  GSequenceIter      *in_source;    /* its place in the source; NULL once it has left that */
  GSequenceIter      *in_view;      /* its place in the view; NULL when it is not seen */
  gboolean            is_taken;     /* out of the source, in a change that may put it back */
  guint64             instance;     /* of its instance key */
  GVariant          **sort_keys;    /* (nullable): NULL where absent */
  guint               n_sort_keys;
  IMsgTable          *table;        /* unowned: the table frees its rows */
} IMsgTableRow;

typedef struct
{
  guint32  tag;
  gboolean descending;
} IMsgTableSort;

typedef struct
{
  IMsgTableRow *row;       /* NULL: behind the last row */
  gboolean      has_moved; /* its own row went away since it was last used */
} IMsgTableBookmark;

struct _IMsgTable
{
  GObject parent_instance;

  IMsgTableKind        kind;
  GObject             *owner;        /* the message or session; NULL once closed */
  GListModel          *source;       /* NULL once closed */
  gulong               source_handler;
  GSequence           *all;          /* (element-type IMsgTableRow), by source position, owned */
  GSequence           *visible;      /* (element-type IMsgTableRow), in the order of the view */
  GHashTable          *by_object;    /* IMsgPropertyObject → IMsgTableRow, both unowned */
  GArray              *columns;      /* (element-type guint32) (nullable): NULL for the default */
  GHashTable          *known_columns; /* (nullable): id → tag on the rows in view, all of one type */
  GArray              *sort;         /* (element-type IMsgTableSort) */
  IMsgRestriction     *restriction;  /* (nullable) */
  IMsgTableFilterFunc  filter;
  gpointer             filter_data;
  GDestroyNotify       filter_destroy;
  GHashTable          *bookmarks;    /* id → IMsgTableBookmark */
  guint                next_bookmark;
  guint                position;     /* of the next row to be read */
  guint64              next_instance;
  guint64              salt;         /* what tells this table's instance keys from others' */
};

extern const IMsgRowSource _imsg_table_row_source;

/* The signals of the class, for imsg-table-rows.c */
void      _imsg_table_emit_row_added    (IMsgTable           *self,
                                         IMsgTableRow        *row);
void      _imsg_table_emit_row_modified (IMsgTable           *self,
                                         IMsgTableRow        *row);
void      _imsg_table_emit_row_deleted  (IMsgTable           *self,
                                         IMsgPropertyObject  *object,
                                         gboolean             removed);
void      _imsg_table_emit_changed      (IMsgTable           *self);

/* The rows */
void      _imsg_table_load_rows         (IMsgTable           *self);
void      _imsg_table_rebuild           (IMsgTable           *self);
void      _imsg_table_clear_rows        (IMsgTable           *self);

/* FALSE with CLOSED */
gboolean  _imsg_table_check_open        (IMsgTable           *self,
                                         GError             **error);
/* FALSE with TOO_COMPLEX */
gboolean  _imsg_table_check_restriction (IMsgTable           *self,
                                         IMsgRestriction     *restriction,
                                         GError             **error);

/* What is known of the columns, as rows in view come, change and go */
void      _imsg_table_add_row_columns   (IMsgTable           *self,
                                         IMsgTableRow        *row);
void      _imsg_table_change_row_columns (IMsgTable          *self,
                                          IMsgTableRow       *row,
                                          guint32             tag);
void      _imsg_table_forget_columns    (IMsgTable           *self);

GVariant *_imsg_table_dup_value         (IMsgTable           *self,
                                         IMsgTableRow        *row,
                                         guint32              tag,
                                         GError             **error);

G_END_DECLS
