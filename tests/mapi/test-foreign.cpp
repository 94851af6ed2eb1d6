// test-foreign.cpp - copying to messages of another make, through their interfaces only
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>
#include <vector>

#include <mapix.h>
#include <mapiutil.h>
#include <imessage.h>
#include <objbase.h>

#include "mapi-files.h"
#include "mapi-test.h"

// A message of another make: it hands every call on, so nothing tells that ours is inside.
class Foreign : public IMessage
{
public:
  explicit Foreign (LPMESSAGE wrapped) : inner (wrapped) {}

  MAPI_IUNKNOWN_METHODS (IMPL)
  MAPI_IMAPIPROP_METHODS (IMPL)
  MAPI_IMESSAGE_METHODS (IMPL)

  LPMESSAGE inner;
  ULONG references = 1;
  ULONG refused = 0;              // an id that SetProps finds computed
  ULONG listed = 0;               // calls of GetPropList
  std::vector<std::string> calls; // what is neither of IUnknown nor of IMAPIProp
};

HRESULT
Foreign::QueryInterface (REFIID riid, LPVOID *object)
{
  *object = nullptr;
  if (riid != IID_IUnknown && riid != IID_IMAPIProp && riid != IID_IMessage)
    return E_NOINTERFACE;
  AddRef ();
  *object = this;
  return S_OK;
}

ULONG Foreign::AddRef () { return ++references; }
ULONG Foreign::Release () { return --references; }
HRESULT Foreign::GetLastError (HRESULT hr, ULONG flags, LPMAPIERROR *last)
{ return inner->GetLastError (hr, flags, last); }
HRESULT Foreign::SaveChanges (ULONG flags) { return inner->SaveChanges (flags); }
HRESULT Foreign::GetProps (LPSPropTagArray tags, ULONG flags, ULONG *n, LPSPropValue *values)
{ return inner->GetProps (tags, flags, n, values); }
HRESULT Foreign::GetPropList (ULONG flags, LPSPropTagArray *tags)
{ listed++; return inner->GetPropList (flags, tags); }
HRESULT Foreign::OpenProperty (ULONG tag, LPCIID iid, ULONG options, ULONG flags, LPUNKNOWN *out)
{ return inner->OpenProperty (tag, iid, options, flags, out); }

HRESULT
Foreign::SetProps (ULONG n, LPSPropValue values, LPSPropProblemArray *problems)
{
  if (refused == 0 || n != 1 || PROP_ID (values[0].ulPropTag) != refused || problems == nullptr)
    return inner->SetProps (n, values, problems);
  MAPIAllocateBuffer (CbNewSPropProblemArray (1), reinterpret_cast<LPVOID *> (problems));
  (*problems)->cProblem = 1;
  (*problems)->aProblem[0] = { 0, values[0].ulPropTag, MAPI_E_COMPUTED };
  return S_OK;
}

HRESULT Foreign::DeleteProps (LPSPropTagArray tags, LPSPropProblemArray *problems)
{ return inner->DeleteProps (tags, problems); }
HRESULT Foreign::CopyTo (ULONG n, LPCIID iids, LPSPropTagArray tags, ULONG_PTR ui,
                         LPMAPIPROGRESS progress, LPCIID iid, LPVOID object, ULONG flags,
                         LPSPropProblemArray *problems)
{ return inner->CopyTo (n, iids, tags, ui, progress, iid, object, flags, problems); }
HRESULT Foreign::CopyProps (LPSPropTagArray tags, ULONG_PTR ui, LPMAPIPROGRESS progress, LPCIID iid,
                            LPVOID object, ULONG flags, LPSPropProblemArray *problems)
{ return inner->CopyProps (tags, ui, progress, iid, object, flags, problems); }
HRESULT Foreign::GetNamesFromIDs (LPSPropTagArray *tags, LPGUID set, ULONG flags, ULONG *n,
                                  LPMAPINAMEID **names)
{ return inner->GetNamesFromIDs (tags, set, flags, n, names); }
HRESULT Foreign::GetIDsFromNames (ULONG n, LPMAPINAMEID *names, ULONG flags, LPSPropTagArray *tags)
{ return inner->GetIDsFromNames (n, names, flags, tags); }
HRESULT Foreign::GetAttachmentTable (ULONG flags, LPMAPITABLE *table)
{ return inner->GetAttachmentTable (flags, table); }
HRESULT Foreign::OpenAttach (ULONG number, LPCIID iid, ULONG flags, LPATTACH *attach)
{ return inner->OpenAttach (number, iid, flags, attach); }
HRESULT Foreign::CreateAttach (LPCIID iid, ULONG flags, ULONG *number, LPATTACH *attach)
{ calls.push_back ("CreateAttach"); return inner->CreateAttach (iid, flags, number, attach); }
HRESULT Foreign::DeleteAttach (ULONG number, ULONG_PTR ui, LPMAPIPROGRESS progress, ULONG flags)
{ calls.push_back ("DeleteAttach"); return inner->DeleteAttach (number, ui, progress, flags); }
HRESULT Foreign::GetRecipientTable (ULONG flags, LPMAPITABLE *table)
{ return inner->GetRecipientTable (flags, table); }
HRESULT Foreign::ModifyRecipients (ULONG flags, LPADRLIST mods)
{ calls.push_back ("ModifyRecipients"); return inner->ModifyRecipients (flags, mods); }
HRESULT Foreign::SubmitMessage (ULONG flags) { return inner->SubmitMessage (flags); }
HRESULT Foreign::SetReadFlag (ULONG flags) { return inner->SetReadFlag (flags); }

// --- what is copied ---

class Holder
{
public:
  explicit Holder (const char *name, DWORD mode = STGM_CREATE)
  {
    const DWORD transacted = STGM_READWRITE | STGM_TRANSACTED;

    if (mode == STGM_CREATE)
      CHECK_HR (StgCreateDocfile (path_of (name), transacted | mode, 0, &storage), S_OK);
    else
      CHECK_HR (StgOpenStorage (path_of (name), nullptr, mode, nullptr, 0, &storage), S_OK);
    CHECK_HR (OpenIMsgOnIStg (nullptr, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                              MAPIGetDefaultMalloc (), nullptr, storage, nullptr, 0, MAPI_UNICODE,
                              &message), S_OK);
  }

  ~Holder ()
  {
    CHECK (message->Release () == 0);
    CHECK (storage->Release () == 0);
  }

  LPSTORAGE storage = nullptr;
  LPMESSAGE message = nullptr;
};

static void
set_text (LPMAPIPROP object, ULONG tag, const char *text)
{
  SPropValue value = {};

  value.ulPropTag = CHANGE_PROP_TYPE (tag, PT_STRING8);
  value.Value.lpszA = const_cast<LPSTR> (text);
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

static std::string
get_text (LPMAPIPROP object, ULONG tag)
{
  LPSPropValue value = nullptr;
  std::string text = "(none)";

  if (SUCCEEDED (HrGetOneProp (object, CHANGE_PROP_TYPE (tag, PT_STRING8), &value)))
    text = value->Value.lpszA;
  MAPIFreeBuffer (value);
  return text;
}

static void
set_long (LPMAPIPROP object, ULONG tag, LONG number)
{
  SPropValue value = {};

  value.ulPropTag = tag;
  value.Value.l = number;
  CHECK_HR (HrSetOneProp (object, &value), S_OK);
}

static void
add_recipient (LPMESSAGE message, const char *name)
{
  SPropValue values[2] = {};
  SizedADRLIST (1, list) = { 1, { { 0, 2, values } } };

  values[0].ulPropTag = PR_DISPLAY_NAME_A;
  values[0].Value.lpszA = const_cast<LPSTR> (name);
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = MAPI_TO;
  CHECK_HR (message->ModifyRecipients (MODRECIP_ADD, reinterpret_cast<LPADRLIST> (&list)), S_OK);
}

static ULONG
count (LPMESSAGE message, bool recipients)
{
  LPMAPITABLE table = nullptr;
  ULONG n = 99;

  if (recipients)
    CHECK_HR (message->GetRecipientTable (0, &table), S_OK);
  else
    CHECK_HR (message->GetAttachmentTable (0, &table), S_OK);
  CHECK_HR (table->GetRowCount (0, &n), S_OK);
  table->Release ();
  return n;
}

static LPATTACH
create_attach (LPMESSAGE message, LONG method, const char *name)
{
  LPATTACH attach = nullptr;
  ULONG number = 0;

  CHECK_HR (message->CreateAttach (nullptr, 0, &number, &attach), S_OK);
  set_long (attach, PR_ATTACH_METHOD, method);
  set_text (attach, PR_DISPLAY_NAME, name);
  return attach;
}

static void
save_attach (LPATTACH attach)
{
  CHECK_HR (attach->SaveChanges (0), S_OK);
  CHECK (attach->Release () == 0);
}

static ULONG
project_tag (LPMAPIPROP object)
{
  WCHAR text[] = { 'P', 'r', 'o', 'j', 'e', 'c', 't', 0 };
  MAPINAMEID name = {};
  LPMAPINAMEID names[1] = { &name };
  LPSPropTagArray tags = nullptr;

  name.lpguid = const_cast<LPGUID> (&PS_PUBLIC_STRINGS);
  name.ulKind = MNID_STRING;
  name.Kind.lpwstrName = text;
  CHECK_HR (object->GetIDsFromNames (1, names, MAPI_CREATE, &tags), S_OK);
  ULONG tag = CHANGE_PROP_TYPE (tags->aulPropTag[0], PT_UNICODE);
  MAPIFreeBuffer (tags);
  return tag;
}

static const std::string large (100000, 'x');

static void
fill (LPMESSAGE message)
{
  LPSTREAM stream = nullptr;
  LPMESSAGE inner = nullptr;
  LPSTORAGE ole = nullptr;
  SPropValue value = {};

  set_text (message, PR_SUBJECT, "carried");
  set_text (message, PR_BODY, large.c_str ());
  set_long (message, PR_IMPORTANCE, IMPORTANCE_HIGH);
  // One more name first, so that the ids differ from those of the destination.
  CHECK (PROP_ID (project_tag (message)) >= 0x8000);
  set_text (message, project_tag (message), "Northern");
  add_recipient (message, "Anna");
  add_recipient (message, "Bert");

  LPATTACH attach = create_attach (message, ATTACH_BY_VALUE, "bytes");
  value.ulPropTag = PR_ATTACH_DATA_BIN;
  value.Value.bin.cb = static_cast<ULONG> (large.size ());
  value.Value.bin.lpb = reinterpret_cast<LPBYTE> (const_cast<char *> (large.data ()));
  CHECK_HR (HrSetOneProp (attach, &value), S_OK);
  save_attach (attach);

  attach = create_attach (message, ATTACH_EMBEDDED_MSG, "message");
  CHECK_HR (attach->OpenProperty (PR_ATTACH_DATA_OBJ, &IID_IMessage, 0, MAPI_CREATE | MAPI_MODIFY,
                                  reinterpret_cast<LPUNKNOWN *> (&inner)), S_OK);
  set_text (inner, PR_SUBJECT, "inside");
  set_text (inner, project_tag (inner), "Southern");
  add_recipient (inner, "Carl");
  save_attach (create_attach (inner, NO_ATTACHMENT, "deep"));
  CHECK_HR (inner->SaveChanges (0), S_OK);
  inner->Release ();
  save_attach (attach);

  attach = create_attach (message, ATTACH_OLE, "object");
  CHECK_HR (attach->OpenProperty (PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, MAPI_CREATE | MAPI_MODIFY,
                                  reinterpret_cast<LPUNKNOWN *> (&ole)), S_OK);
  CHECK_HR (WriteClassStg (ole, IID_IStream), S_OK);
  CHECK_HR (ole->CreateStream (u"CONTENTS", STGM_READWRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream),
            S_OK);
  CHECK_HR (stream->Write ("abc", 3, nullptr), S_OK);
  stream->Release ();
  CHECK_HR (ole->Commit (STGC_DEFAULT), S_OK);
  ole->Release ();
  save_attach (attach);
  CHECK_HR (message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
}

static void
check_inside (LPMESSAGE message)
{
  LPATTACH attach = nullptr;
  LPSTREAM stream = nullptr;
  LPMESSAGE inner = nullptr;
  LPSTORAGE ole = nullptr;
  STATSTG stat;
  CLSID clsid;

  CHECK (count (message, true) == 2 && count (message, false) == 3);
  CHECK_HR (message->OpenAttach (0, nullptr, 0, &attach), S_OK);
  CHECK (get_text (attach, PR_DISPLAY_NAME) == "bytes");
  CHECK_HR (attach->OpenProperty (PR_ATTACH_DATA_BIN, &IID_IStream, 0, 0,
                                  reinterpret_cast<LPUNKNOWN *> (&stream)), S_OK);
  CHECK_HR (stream->Stat (&stat, STATFLAG_NONAME), S_OK);
  CHECK (stat.cbSize.QuadPart == large.size ());
  stream->Release ();
  attach->Release ();

  CHECK_HR (message->OpenAttach (1, nullptr, 0, &attach), S_OK);
  CHECK_HR (attach->OpenProperty (PR_ATTACH_DATA_OBJ, &IID_IMessage, 0, 0,
                                  reinterpret_cast<LPUNKNOWN *> (&inner)), S_OK);
  CHECK (get_text (inner, PR_SUBJECT) == "inside");
  CHECK (get_text (inner, project_tag (message)) == "Southern");
  CHECK (count (inner, true) == 1 && count (inner, false) == 1);
  inner->Release ();
  attach->Release ();

  CHECK_HR (message->OpenAttach (2, nullptr, 0, &attach), S_OK);
  CHECK_HR (attach->OpenProperty (PR_ATTACH_DATA_OBJ, &IID_IStorage, 0, 0,
                                  reinterpret_cast<LPUNKNOWN *> (&ole)), S_OK);
  CHECK_HR (ReadClassStg (ole, &clsid), S_OK);
  CHECK (clsid == IID_IStream);
  CHECK_HR (ole->OpenStream (u"CONTENTS", nullptr, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream),
            S_OK);
  stream->Release ();
  ole->Release ();
  attach->Release ();
}

// --- the tests ---

static void
test_whole ()
{
  Holder from ("whole-from.msg");
  LPSPropProblemArray problems = nullptr;
  WCHAR first[] = { 'F', 'i', 'r', 's', 't', 0 };

  fill (from.message);
  {
    Holder to ("whole-to.msg");
    Foreign foreign (to.message);
    MAPINAMEID name = {};
    LPMAPINAMEID names[1] = { &name };
    LPSPropTagArray tags = nullptr;

    name.lpguid = const_cast<LPGUID> (&PS_PUBLIC_STRINGS);
    name.ulKind = MNID_STRING;
    name.Kind.lpwstrName = first;
    CHECK_HR (to.message->GetIDsFromNames (1, names, MAPI_CREATE, &tags), S_OK);
    set_text (to.message, CHANGE_PROP_TYPE (tags->aulPropTag[0], PT_UNICODE), "takes an id");
    MAPIFreeBuffer (tags);
    CHECK (project_tag (to.message) != project_tag (from.message));
    // What is there is replaced, tables as wholes.
    set_text (to.message, PR_SUBJECT, "replaced");
    set_text (to.message, PR_DISPLAY_NAME, "stays");
    add_recipient (to.message, "Dora");
    save_attach (create_attach (to.message, NO_ATTACHMENT, "replaced"));
    CHECK_HR (to.message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);
    CHECK_HR (from.message->CopyTo (0, nullptr, nullptr, 0, nullptr, &IID_IMessage, &foreign, 0,
                                    &problems), S_OK);
    for (ULONG i = 0; problems != nullptr && i < problems->cProblem; i++)
      CHECK (problems->aProblem[i].scode == MAPI_E_COMPUTED ||
             problems->aProblem[i].scode == MAPI_E_NO_ACCESS);
    MAPIFreeBuffer (problems);
    CHECK (foreign.references == 1);
    CHECK_HR (foreign.SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  }
  Holder to ("whole-to.msg", STGM_TRANSACTED);
  LPATTACH attach = nullptr;
  LPSPropValue value = nullptr;
  CHECK (get_text (to.message, PR_SUBJECT) == "carried");
  CHECK (get_text (to.message, PR_DISPLAY_NAME) == "stays");
  CHECK (get_text (to.message, PR_DISPLAY_TO) == "Anna; Bert");
  CHECK_HR (HrGetOneProp (to.message, PR_BODY_W, &value), MAPI_E_NOT_ENOUGH_MEMORY);
  // Numbers are not given again: the first attachment was another.
  CHECK_HR (to.message->OpenAttach (0, nullptr, 0, &attach), MAPI_E_NOT_FOUND);
  CHECK (count (to.message, true) == 2 && count (to.message, false) == 3);
}

static void
test_inside ()
{
  Holder from ("inside-from.msg");

  fill (from.message);
  {
    Holder to ("inside-to.msg");
    Foreign foreign (to.message);

    CHECK_HR (from.message->CopyTo (0, nullptr, nullptr, 0, nullptr, &IID_IMessage, &foreign, 0,
                                    nullptr), S_OK);
    CHECK_HR (foreign.SaveChanges (0), S_OK);
  }
  Holder to ("inside-to.msg", STGM_READWRITE | STGM_TRANSACTED);
  CHECK (get_text (to.message, project_tag (to.message)) == "Northern");
  check_inside (to.message);
}

static void
test_exclusions ()
{
  SizedSPropTagArray (3, excluded) = { 3, { PR_BODY_A, PROP_TAG (PT_UNSPECIFIED, 0x0017),
                                            PR_MESSAGE_ATTACHMENTS } };
  Holder from ("excluded-from.msg"), to ("excluded-to.msg"), bare ("excluded-bare.msg");
  Foreign foreign (to.message), without_tables (bare.message);

  fill (from.message);
  CHECK_HR (from.message->CopyTo (0, nullptr, reinterpret_cast<LPSPropTagArray> (&excluded), 0,
                                  nullptr, &IID_IMessage, &foreign, 0, nullptr), S_OK);
  CHECK (get_text (to.message, PR_SUBJECT) == "carried");
  CHECK (!FPropExists (to.message, PR_BODY) && !FPropExists (to.message, PR_IMPORTANCE));
  CHECK (count (to.message, true) == 2);
  CHECK (foreign.calls == std::vector<std::string> { "ModifyRecipients" });
  // What is excluded by its interface takes its tables along.
  CHECK_HR (from.message->CopyTo (1, &IID_IMessage, nullptr, 0, nullptr, &IID_IMAPIProp,
                                  &without_tables, 0, nullptr), S_OK);
  CHECK (get_text (bare.message, PR_SUBJECT) == "carried");
  CHECK (without_tables.calls.empty ());
}

static void
test_flags ()
{
  Holder from ("flags-from.msg"), to ("flags-to.msg");
  Foreign foreign (to.message);
  SizedSPropTagArray (4, included) = { 4, { PR_SUBJECT_W, PR_MESSAGE_RECIPIENTS,
                                            PR_MESSAGE_ATTACHMENTS, 0 } };

  fill (from.message);
  included.aulPropTag[3] = project_tag (from.message);
  set_text (to.message, PR_SUBJECT, "first");
  set_text (to.message, project_tag (to.message), "first");
  add_recipient (to.message, "Dora");
  // With MAPI_NOREPLACE what is there stays, and what is not comes.
  CHECK_HR (from.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                     &IID_IMessage, &foreign, MAPI_NOREPLACE, nullptr), S_OK);
  CHECK (get_text (to.message, PR_SUBJECT) == "first");
  CHECK (get_text (to.message, project_tag (to.message)) == "first");
  CHECK (count (to.message, true) == 1);
  // What is there is asked for once, not for each property.
  CHECK (foreign.listed == 1);
  CHECK_HR (foreign.SaveChanges (KEEP_OPEN_READWRITE), S_OK);
  CHECK (count (to.message, false) == 3);
  // With MAPI_MOVE what came is gone from where it was.
  CHECK_HR (from.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                     &IID_IMessage, &foreign, MAPI_MOVE, nullptr), S_OK);
  CHECK (get_text (to.message, PR_SUBJECT) == "carried");
  CHECK (get_text (to.message, project_tag (to.message)) == "Northern");
  CHECK (count (to.message, true) == 2);
  CHECK (!FPropExists (from.message, PR_SUBJECT));
  CHECK (count (from.message, true) == 0 && count (from.message, false) == 0);
  CHECK (FPropExists (from.message, PR_IMPORTANCE));
}

static void
test_problems ()
{
  Holder from ("problems-from.msg"), to ("problems-to.msg");
  Foreign foreign (to.message);
  SizedSPropTagArray (3, included) = { 3, { PR_IMPORTANCE, PR_SENSITIVITY, PR_SUBJECT_W } };
  LPSPropProblemArray problems = nullptr;

  set_text (from.message, PR_SUBJECT, "refused");
  set_long (from.message, PR_IMPORTANCE, 2);
  foreign.refused = PROP_ID (PR_SUBJECT);
  CHECK_HR (from.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                     &IID_IMessage, &foreign, MAPI_MOVE, &problems), S_OK);
  CHECK (problems != nullptr && problems->cProblem == 2);
  if (problems != nullptr && problems->cProblem == 2)
    {
      // The index is the place in the caller's list.
      CHECK (problems->aProblem[0].ulIndex == 1 &&
             problems->aProblem[0].scode == MAPI_E_NOT_FOUND);
      CHECK (problems->aProblem[1].ulIndex == 2 &&
             problems->aProblem[1].scode == MAPI_E_COMPUTED);
    }
  MAPIFreeBuffer (problems);
  // What could not be moved is still there.
  CHECK (get_text (from.message, PR_SUBJECT) == "refused");
  CHECK (!FPropExists (from.message, PR_IMPORTANCE));
}

static const WCHAR japanese[] = { 0x65E5, 0x672C, 0 };

// What lies inside is a matter of the property it is in, for which the caller's list has a place;
// and what came over only in part stays where it was.
static void
test_problems_inside ()
{
  SizedSPropTagArray (3, included) = { 3, { PR_SENSITIVITY, PR_IMPORTANCE,
                                            PR_MESSAGE_ATTACHMENTS } };
  LPSTORAGE storage = nullptr;
  LPMESSAGE narrow = nullptr;
  LPSPropProblemArray problems = nullptr;
  SPropValue value = {};
  Holder from ("problems-inside.msg");

  set_long (from.message, PR_SENSITIVITY, 1);
  set_long (from.message, PR_IMPORTANCE, 2);
  LPATTACH attach = create_attach (from.message, ATTACH_BY_VALUE, "plain");
  value.ulPropTag = PR_ATTACH_LONG_FILENAME_W;
  value.Value.lpszW = const_cast<LPWSTR> (japanese);
  CHECK_HR (HrSetOneProp (attach, &value), S_OK);
  save_attach (attach);
  CHECK_HR (from.message->SaveChanges (KEEP_OPEN_READWRITE), S_OK);

  CHECK_HR (StgCreateDocfile (path_of ("problems-narrow.msg"),
                              STGM_READWRITE | STGM_TRANSACTED | STGM_CREATE, 0, &storage), S_OK);
  CHECK_HR (OpenIMsgOnIStg (nullptr, MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer,
                            MAPIGetDefaultMalloc (), nullptr, storage, nullptr, 0, 0, &narrow),
            S_OK);
  Foreign foreign (narrow);
  CHECK_HR (from.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                     &IID_IMessage, &foreign, MAPI_MOVE, &problems), S_OK);
  CHECK (problems != nullptr && problems->cProblem == 1);
  if (problems != nullptr)
    CHECK (problems->aProblem[0].ulIndex == 2 &&
           problems->aProblem[0].ulPropTag == PR_MESSAGE_ATTACHMENTS &&
           problems->aProblem[0].scode == MAPI_E_BAD_CHARWIDTH);
  MAPIFreeBuffer (problems);
  CHECK (count (from.message, false) == 1);
  CHECK (!FPropExists (from.message, PR_IMPORTANCE));
  narrow->Release ();
  storage->Release ();
}

// Named properties of a recipient go by their names too.
static void
test_names_of_recipients ()
{
  Holder from ("names-from.msg"), to ("names-to.msg");
  Foreign foreign (to.message);
  MAPINAMEID name = {};
  LPMAPINAMEID names[1] = { &name };
  LPSPropTagArray tags = nullptr;
  LPMAPITABLE table = nullptr;
  LPSRowSet rows = nullptr;
  SPropValue values[2] = {};
  SizedADRLIST (1, list) = { 1, { { 0, 2, values } } };

  name.lpguid = const_cast<LPGUID> (&PS_PUBLIC_STRINGS);
  name.ulKind = MNID_ID;
  name.Kind.lID = 77;
  CHECK_HR (to.message->GetIDsFromNames (1, names, MAPI_CREATE, &tags), S_OK);
  MAPIFreeBuffer (tags);
  CHECK (project_tag (to.message) != project_tag (from.message));
  values[0].ulPropTag = project_tag (from.message);
  values[0].Value.lpszW = const_cast<LPWSTR> (japanese);
  values[1].ulPropTag = PR_RECIPIENT_TYPE;
  values[1].Value.l = MAPI_TO;
  CHECK_HR (from.message->ModifyRecipients (0, reinterpret_cast<LPADRLIST> (&list)), S_OK);
  CHECK_HR (from.message->CopyTo (0, nullptr, nullptr, 0, nullptr, &IID_IMessage, &foreign, 0,
                                  nullptr), S_OK);
  SizedSPropTagArray (2, columns) = { 2, { project_tag (to.message), project_tag (from.message) } };
  CHECK_HR (to.message->GetRecipientTable (MAPI_UNICODE, &table), S_OK);
  CHECK_HR (HrQueryAllRows (table, reinterpret_cast<LPSPropTagArray> (&columns), nullptr, nullptr,
                            0, &rows), S_OK);
  CHECK (rows->cRows == 1);
  CHECK (rows->aRow[0].lpProps[0].ulPropTag == project_tag (to.message));
  CHECK (PROP_TYPE (rows->aRow[0].lpProps[1].ulPropTag) == PT_ERROR);
  FreeProws (rows);
  table->Release ();
}

// The other way round the copying is theirs, and ours are set and created as anybody's.
static void
test_between_kinds ()
{
  Holder from ("kinds.msg");
  LPATTACH attach = create_attach (from.message, NO_ATTACHMENT, "name");
  SizedSPropTagArray (1, included) = { 1, { PR_SUBJECT_W } };

  set_text (from.message, PR_SUBJECT, "of a message");
  CHECK_HR (from.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                     &IID_IMAPIProp, attach, 0, nullptr), MAPI_E_FOLDER_CYCLE);
  Holder other ("kinds-other.msg");
  CHECK_HR (other.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                      &IID_IMAPIProp, attach, 0, nullptr), S_OK);
  CHECK (!FPropExists (attach, PR_SUBJECT));
  set_text (other.message, PR_SUBJECT, "of another");
  CHECK_HR (other.message->CopyProps (reinterpret_cast<LPSPropTagArray> (&included), 0, nullptr,
                                      &IID_IMAPIProp, attach, 0, nullptr), S_OK);
  CHECK (get_text (attach, PR_SUBJECT) == "of another");
  attach->Release ();
}

int
main ()
{
  RUN (test_whole);
  RUN (test_inside);
  RUN (test_exclusions);
  RUN (test_flags);
  RUN (test_problems);
  RUN (test_problems_inside);
  RUN (test_names_of_recipients);
  RUN (test_between_kinds);
  remove_files ();
  return finish_tests ();
}
