/* mapi-copy-other.c - copying to objects of another make, through their interfaces
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-copy-private.h"

/* Properties that belong to where an object is, not to what it says */
static const ULONG left_behind[] = {
  PROP_TAG (PT_LONG, 0x0FF4),   /* PR_ACCESS */
  PROP_TAG (PT_LONG, 0x0FF7),   /* PR_ACCESS_LEVEL */
  PROP_TAG (PT_LONG, 0x0FFE),   /* PR_OBJECT_TYPE */
  PROP_TAG (PT_LONG, 0x340D),   /* PR_STORE_SUPPORT_MASK */
  PROP_TAG (PT_LONG, 0x0E21),   /* PR_ATTACH_NUM */
};

static gboolean
has_id (const guint32 *tags,
        gsize          n_tags,
        ULONG          tag)
{
  for (gsize i = 0; i < n_tags; i++)
    {
      if (PROP_ID (tags[i]) == PROP_ID (tag))
        return TRUE;
    }
  return FALSE;
}

/* The property with the id of tag; 0 when there is none. */
static ULONG
find_listed (LPSPropTagArray list,
             ULONG           tag)
{
  for (ULONG i = 0; i < list->cValues; i++)
    {
      if (PROP_ID (list->aulPropTag[i]) == PROP_ID (tag))
        return list->aulPropTag[i];
    }
  return 0;
}

/* What frees what the destination gives out: of another make is what has the program's own. */
static FREEBUFFER *
free_of (MapiObject *self,
         gpointer    destination)
{
  MapiObject *own = mapi_object_peek (destination);

  return own != NULL ? own->tree->allocators.free_buffer : self->tree->allocators.free_buffer;
}

/* The tag under which the destination knows a named property */
static HRESULT
translate (MapiObject *self,
           IMAPIProp  *destination,
           ULONG      *tag)
{
  SPropTagArray one = { 1, { *tag } };
  LPSPropTagArray tags = &one;
  LPMAPINAMEID *names = NULL;
  LPSPropTagArray ids = NULL;
  ULONG n_names = 0;
  HRESULT hr;

  if (PROP_ID (*tag) < 0x8000)
    return S_OK;
  hr = mapi_prop_get_names ((IMAPIProp *) self, &tags, NULL, 0, &n_names, &names);
  if (FAILED (hr) || n_names != 1 || names[0] == NULL)
    {
      self->tree->allocators.free_buffer (names);
      return FAILED (hr) ? hr : MAPI_E_NOT_FOUND;
    }
  hr = destination->lpVtbl->GetIDsFromNames (destination, 1, names, MAPI_CREATE, &ids);
  if (SUCCEEDED (hr) && ids != NULL && PROP_TYPE (ids->aulPropTag[0]) != PT_ERROR)
    *tag = CHANGE_PROP_TYPE (ids->aulPropTag[0], PROP_TYPE (*tag));
  else
    hr = FAILED (hr) ? hr : MAPI_E_NOT_FOUND;
  self->tree->allocators.free_buffer (names);
  free_of (self, destination) (ids);
  return hr;
}

static HRESULT
copy_stream (MapiObject *self,
             ULONG       tag,
             IMAPIProp  *destination,
             ULONG       new_tag)
{
  LPUNKNOWN from = NULL;
  LPUNKNOWN to = NULL;
  guint64 n_read, n_written;
  HRESULT hr = mapi_prop_open_property ((IMAPIProp *) self, tag, &IID_IStream, STGM_READ, 0, &from);

  if (SUCCEEDED (hr))
    hr = destination->lpVtbl->OpenProperty (destination, new_tag, &IID_IStream, STGM_READWRITE,
                                            MAPI_CREATE | MAPI_MODIFY, &to);
  if (SUCCEEDED (hr))
    hr = mapi_stream_copy ((LPSTREAM) from, (LPSTREAM) to, G_MAXUINT64, &n_read, &n_written);
  if (SUCCEEDED (hr))
    hr = ((LPSTREAM) to)->lpVtbl->Commit ((LPSTREAM) to, STGC_DEFAULT);
  UlRelease (from);
  UlRelease (to);
  return hr;
}

static HRESULT
copy_value (MapiObject *self,
            ULONG       tag,
            IMAPIProp  *destination,
            ULONG       new_tag)
{
  FREEBUFFER *free_buffer = self->tree->allocators.free_buffer;
  LPSPropValue value = mapi_allocate (&self->tree->allocators, NULL, sizeof *value);
  LPSPropProblemArray problems = NULL;
  HRESULT hr;

  if (value == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  if (!mapi_object_read_value (self, tag, 0, value, value))
    {
      hr = value->Value.err;
      if (hr == MAPI_E_NOT_ENOUGH_MEMORY)
        hr = copy_stream (self, tag, destination, new_tag);
    }
  else
    {
      value->ulPropTag = new_tag;
      hr = destination->lpVtbl->SetProps (destination, 1, value, &problems);
      if (SUCCEEDED (hr) && problems != NULL && problems->cProblem > 0)
        hr = problems->aProblem[0].scode;
      free_of (self, destination) (problems);
    }
  free_buffer (value);
  return hr;
}

/* --- what the destination has already --- */

static void
free_rows (LPSRowSet   rows,
           FREEBUFFER *free_buffer)
{
  for (ULONG i = 0; rows != NULL && i < rows->cRows; i++)
    free_buffer (rows->aRow[i].lpProps);
  free_buffer (rows);
}

/* All rows of a table of the destination: what they are known by. */
static HRESULT
list_rows (MapiObject *self,
           IMessage   *destination,
           ULONG       tag,
           GArray     *numbers)
{
  gboolean recipients = tag == PR_MESSAGE_RECIPIENTS;
  SPropTagArray columns = { 1, { recipients ? PR_ROWID : PR_ATTACH_NUM } };
  LPMAPITABLE table = NULL;
  ULONG n_rows = 0;
  HRESULT hr;

  if (recipients)
    hr = destination->lpVtbl->GetRecipientTable (destination, 0, &table);
  else
    hr = destination->lpVtbl->GetAttachmentTable (destination, 0, &table);
  if (SUCCEEDED (hr))
    hr = table->lpVtbl->SetColumns (table, &columns, 0);
  /* A table may give fewer rows at once than it is asked for. */
  do
    {
      LPSRowSet rows = NULL;

      if (SUCCEEDED (hr))
        hr = table->lpVtbl->QueryRows (table, G_MAXINT32, 0, &rows);
      n_rows = SUCCEEDED (hr) && rows != NULL ? rows->cRows : 0;
      for (ULONG i = 0; i < n_rows; i++)
        {
          const SRow *row = &rows->aRow[i];

          if (row->cValues == 1 && row->lpProps[0].ulPropTag == columns.aulPropTag[0])
            g_array_append_val (numbers, row->lpProps[0].Value.l);
        }
      free_rows (rows, free_of (self, destination));
    }
  while (n_rows > 0);
  UlRelease (table);
  return hr;
}

/* A flag for each property id, asked for once: what a copy itself brings is none that was there. */
static gboolean *
list_present (MapiObject *self,
              IMAPIProp  *destination)
{
  gboolean *present = g_new0 (gboolean, G_MAXUINT16 + 1);
  LPSPropTagArray list = NULL;

  if (SUCCEEDED (destination->lpVtbl->GetPropList (destination, 0, &list)) && list != NULL)
    {
      for (ULONG i = 0; i < list->cValues; i++)
        present[PROP_ID (list->aulPropTag[i])] = TRUE;
    }
  free_of (self, destination) (list);
  return present;
}

static gboolean
destination_has (MapiObject     *self,
                 IMessage       *message,
                 ULONG           tag,
                 const gboolean *present)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (LONG));

  if (tag == PR_MESSAGE_RECIPIENTS || tag == PR_MESSAGE_ATTACHMENTS)
    return message != NULL && SUCCEEDED (list_rows (self, message, tag, numbers)) &&
           numbers->len > 0;
  return present[PROP_ID (tag)];
}

static HRESULT
drop_attachments (MapiObject *self,
                  IMessage   *destination)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (LONG));
  HRESULT hr = list_rows (self, destination, PR_MESSAGE_ATTACHMENTS, numbers);

  for (guint i = 0; i < numbers->len && SUCCEEDED (hr); i++)
    hr = destination->lpVtbl->DeleteAttach (destination,
                                            (ULONG) g_array_index (numbers, LONG, i), 0, NULL, 0);
  return hr;
}

/* --- tables --- */

/* Named properties get the ids of the destination, the same in every row; what has none there is
 * left out, and is an error in the end. */
static HRESULT
translate_rows (MapiObject *self,
                IMAPIProp  *destination,
                LPSRowSet   rows)
{
  HRESULT result = S_OK;

  for (ULONG i = 0; rows->cRows > 0 && i < rows->aRow[0].cValues; i++)
    {
      ULONG tag = CHANGE_PROP_TYPE (rows->aRow[0].lpProps[i].ulPropTag, PT_UNSPECIFIED);
      HRESULT hr = translate (self, destination, &tag);

      if (FAILED (hr))
        result = hr;
      for (ULONG j = 0; j < rows->cRows; j++)
        {
          SPropValue *value = &rows->aRow[j].lpProps[i];

          value->ulPropTag = PROP_TAG (FAILED (hr) ? PT_ERROR : PROP_TYPE (value->ulPropTag),
                                       PROP_ID (tag));
        }
    }
  return result;
}

static HRESULT
copy_recipients (MapiObject *self,
                 IMessage   *destination)
{
  HRESULT translated = S_OK;
  LPMAPITABLE table = NULL;
  LPSRowSet rows = NULL;
  HRESULT hr = mapi_message_get_table (self, TRUE, MAPI_UNICODE, &table);

  if (SUCCEEDED (hr))
    hr = table->lpVtbl->QueryRows (table, G_MAXINT32, 0, &rows);
  if (SUCCEEDED (hr))
    {
      translated = translate_rows (self, (IMAPIProp *) destination, rows);
      hr = destination->lpVtbl->ModifyRecipients (destination, 0, (LPADRLIST) rows);
    }
  free_rows (rows, self->tree->allocators.free_buffer);
  UlRelease (table);
  return FAILED (hr) ? hr : translated;
}

/* What an attachment holds that is no row of bytes: a message, or a storage */
static HRESULT
copy_object (MapiObject *self,
             IMAPIProp  *destination,
             GArray     *problems)
{
  LPUNKNOWN from = NULL;
  LPUNKNOWN to = NULL;
  HRESULT hr = mapi_prop_open_property ((IMAPIProp *) self, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                        0, &from);

  if (SUCCEEDED (hr))
    {
      hr = destination->lpVtbl->OpenProperty (destination, PR_ATTACH_DATA_OBJ, &IID_IMessage, 0,
                                              MAPI_CREATE | MAPI_MODIFY, &to);
      if (SUCCEEDED (hr))
        hr = mapi_copy_to_other ((MapiObject *) from, (IMAPIProp *) to, NULL, 0, FALSE, 0,
                                 problems);
      if (SUCCEEDED (hr))
        hr = ((IMAPIProp *) to)->lpVtbl->SaveChanges ((IMAPIProp *) to, 0);
    }
  else
    {
      hr = mapi_prop_open_property ((IMAPIProp *) self, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                    &from);
      if (SUCCEEDED (hr))
        hr = destination->lpVtbl->OpenProperty (destination, PR_ATTACH_DATA_OBJ, &IID_IStorage, 0,
                                                MAPI_CREATE | MAPI_MODIFY, &to);
      if (SUCCEEDED (hr))
        hr = ((IStorage *) from)->lpVtbl->CopyTo ((IStorage *) from, 0, NULL, NULL,
                                                  (IStorage *) to);
      if (SUCCEEDED (hr))
        hr = ((IStorage *) to)->lpVtbl->Commit ((IStorage *) to, STGC_DEFAULT);
    }
  UlRelease (from);
  UlRelease (to);
  return hr;
}

static HRESULT
copy_attachments (MapiObject *self,
                  IMessage   *destination,
                  GArray     *problems)
{
  GListModel *attachments = imsg_message_get_attachments (IMSG_MESSAGE (self->object));
  IMessage *message = (IMessage *) self;
  HRESULT hr = drop_attachments (self, destination);

  for (guint i = 0; i < g_list_model_get_n_items (attachments) && SUCCEEDED (hr); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      guint32 from_number = imsg_attachment_get_number (attachment);
      LPATTACH from = NULL;
      LPATTACH to = NULL;
      ULONG number = 0;

      if (mapi_message_is_unsaved (self, from_number))
        continue;
      hr = message->lpVtbl->OpenAttach (message, from_number, NULL, 0, &from);
      if (SUCCEEDED (hr))
        hr = destination->lpVtbl->CreateAttach (destination, NULL, 0, &number, &to);
      if (SUCCEEDED (hr))
        hr = mapi_copy_to_other ((MapiObject *) from, (IMAPIProp *) to, NULL, 0, FALSE, 0,
                                 problems);
      if (SUCCEEDED (hr))
        hr = to->lpVtbl->SaveChanges (to, 0);
      UlRelease (from);
      UlRelease (to);
    }
  return hr;
}

static HRESULT
copy_one (MapiObject     *self,
          ULONG           tag,
          IMAPIProp      *destination,
          IMessage       *message,
          const gboolean *present,
          GArray         *problems)
{
  ULONG new_tag = tag;
  HRESULT hr = translate (self, destination, &new_tag);

  if (FAILED (hr))
    return hr;
  if (present != NULL && destination_has (self, message, new_tag, present))
    return S_FALSE;
  if (tag == PR_MESSAGE_RECIPIENTS)
    return message != NULL ? copy_recipients (self, message) : S_FALSE;
  if (tag == PR_MESSAGE_ATTACHMENTS)
    return message != NULL ? copy_attachments (self, message, problems) : S_FALSE;
  if (tag == PR_ATTACH_DATA_OBJ)
    return copy_object (self, destination, problems);
  return copy_value (self, tag, destination, new_tag);
}

/* Problems of what lies inside become those of the property it is in, but for numbers of rows and
 * the like: the copy has its own. */
static gboolean
take_inner_problems (GArray *inner,
                     ULONG   index,
                     ULONG   tag,
                     GArray *problems)
{
  gboolean any = FALSE;

  for (guint i = 0; i < inner->len; i++)
    {
      SCODE scode = g_array_index (inner, SPropProblem, i).scode;

      if (scode == MAPI_E_COMPUTED)
        continue;
      mapi_problems_add (problems, index, tag, scode);
      any = TRUE;
    }
  g_array_set_size (inner, 0);
  return any;
}

/* Recursive as deep as messages lie inside one another, which opening them bounds. The index of a
 * problem is the place in the caller's list, or in that of all properties. */
HRESULT
mapi_copy_to_other (MapiObject    *self,
                    IMAPIProp     *destination,
                    const guint32 *tags,
                    gsize          n_tags,
                    gboolean       included,
                    ULONG          flags,
                    GArray        *problems)
{
  FREEBUFFER *free_buffer = self->tree->allocators.free_buffer;
  LPSPropTagArray list = NULL;
  LPVOID message = NULL;
  g_autofree gboolean *present = NULL;
  g_autoptr(GArray) inner = g_array_new (FALSE, FALSE, sizeof (SPropProblem));
  HRESULT hr = mapi_prop_get_prop_list ((IMAPIProp *) self, MAPI_UNICODE, &list);

  if (FAILED (hr))
    return hr;
  if (self->kind == MAPI_KIND_MESSAGE)
    destination->lpVtbl->QueryInterface (destination, &IID_IMessage, &message);
  if ((flags & MAPI_NOREPLACE) != 0)
    present = list_present (self, destination);
  for (ULONG i = 0; i < (included ? n_tags : list->cValues); i++)
    {
      ULONG tag = included ? find_listed (list, tags[i]) : list->aulPropTag[i];
      gboolean in_part;

      if (tag == 0)
        {
          mapi_problems_add (problems, i, tags[i], MAPI_E_NOT_FOUND);
          continue;
        }
      if (has_id (left_behind, G_N_ELEMENTS (left_behind), tag) ||
          (!included && has_id (tags, n_tags, tag)))
        continue;
      hr = copy_one (self, tag, destination, message, present, inner);
      in_part = take_inner_problems (inner, i, tag, problems);
      if (FAILED (hr))
        mapi_problems_add (problems, i, tag, hr);
      else if (hr == S_OK && !in_part && (flags & MAPI_MOVE) != 0)
        imsg_property_object_delete_value (self->object, tag, NULL);
    }
  if ((flags & MAPI_MOVE) != 0 && self->kind == MAPI_KIND_MESSAGE)
    mapi_message_sweep_attachments (self);
  UlRelease (message);
  free_buffer (list);
  return S_OK;
}
