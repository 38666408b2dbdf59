BEGIN TRANSACTION;
CREATE TABLE attempts (
    key INTEGER NOT NULL, request INTEGER NOT NULL,
    PRIMARY KEY (key, request)
) WITHOUT ROWID;
INSERT INTO "attempts" VALUES(4294967298,1);
INSERT INTO "attempts" VALUES(4294967299,2);
INSERT INTO "attempts" VALUES(4294967300,3);
INSERT INTO "attempts" VALUES(4294967300,6);
INSERT INTO "attempts" VALUES(4294967300,9);
INSERT INTO "attempts" VALUES(4294967300,10);
INSERT INTO "attempts" VALUES(4294967300,11);
INSERT INTO "attempts" VALUES(4294967301,4);
INSERT INTO "attempts" VALUES(4294967301,7);
INSERT INTO "attempts" VALUES(4294967303,5);
INSERT INTO "attempts" VALUES(4294967304,8);
INSERT INTO "attempts" VALUES(8589934593,13);
INSERT INTO "attempts" VALUES(8589934594,14);
INSERT INTO "attempts" VALUES(12884901889,12);
CREATE TABLE requests (
    request INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    sent_at INTEGER NOT NULL, answered_at INTEGER,
    status INTEGER, reply TEXT, code TEXT, words TEXT, raw TEXT
);
INSERT INTO "requests" VALUES(1,1,1795574304210,1795574304263,200,'accepted',NULL,NULL,NULL);
INSERT INTO "requests" VALUES(2,1,1795574304210,1795574304219,400,'refused','not_sendable','The phone number failed carrier validation','{"error":"The phone number failed carrier validation","code":"not_sendable"}');
INSERT INTO "requests" VALUES(3,1,1795574304210,1795574304221,500,'unknown','internal_error','An unexpected error occurred','{"error":"An unexpected error occurred","code":"internal_error"}');
INSERT INTO "requests" VALUES(4,1,1795574304210,1795574304221,429,'notsent',NULL,'Too many requests','{"error":"Too many requests"}');
INSERT INTO "requests" VALUES(5,1,1795574304220,1795574304266,200,'accepted',NULL,NULL,NULL);
INSERT INTO "requests" VALUES(6,1,1795574305224,1795574305228,500,'unknown','internal_error','An unexpected error occurred','{"error":"An unexpected error occurred","code":"internal_error"}');
INSERT INTO "requests" VALUES(7,1,1795574305224,1795574305229,200,'accepted',NULL,NULL,NULL);
INSERT INTO "requests" VALUES(8,1,1795574305224,1795574305229,200,'accepted',NULL,NULL,NULL);
INSERT INTO "requests" VALUES(9,1,1795574305238,1795574305283,500,'unknown','internal_error','An unexpected error occurred','{"error":"An unexpected error occurred","code":"internal_error"}');
INSERT INTO "requests" VALUES(10,1,1795574305299,1795574305343,500,'unknown','internal_error','An unexpected error occurred','{"error":"An unexpected error occurred","code":"internal_error"}');
INSERT INTO "requests" VALUES(11,1,1795574305404,1795574305407,500,'unknown','internal_error','An unexpected error occurred','{"error":"An unexpected error occurred","code":"internal_error"}');
INSERT INTO "requests" VALUES(12,3,1795574305424,1795574305467,200,'accepted',NULL,NULL,NULL);
INSERT INTO "requests" VALUES(13,2,1795574305471,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "requests" VALUES(14,2,1795574305471,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE rows (
    key INTEGER PRIMARY KEY,
    line INTEGER NOT NULL DEFAULT 0,
    phone TEXT NOT NULL, list TEXT NOT NULL,
    outcome TEXT NOT NULL,
    due INTEGER NOT NULL DEFAULT 0,           -- unknown, and to be sent again or looked up by itself
    repeat_safe INTEGER NOT NULL DEFAULT 1,
    tries INTEGER NOT NULL DEFAULT 0,
    seen_absent INTEGER NOT NULL DEFAULT 0,   -- seen not to be on the list before the request left
    body TEXT, cells TEXT,
    problems TEXT,                            -- [[column, value, words], ...]
    request INTEGER,                          -- the last one that carried this row
    contact_id TEXT, list_contact_id TEXT,
    is_new_contact INTEGER, is_new_list_contact INTEGER, journeys INTEGER,
    warnings TEXT, note TEXT, answered_at INTEGER
);
INSERT INTO "rows" VALUES(4294967297,2,'+14155550120','+18005551234','skipped',0,1,0,0,'{"phone_number":"+14155550120","list_number":"+18005551234","use_journeys":true,"signup_date":"2025-03-15T14:30:00Z","ip_address":"203.0.113.7","custom_fields":{"first_name":"Ada","note":"likes tea"}}','["(415) 555-0120","Ada","2025-03-15T14:30:00Z","203.0.113.7","likes tea"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'The same number and list come again further down; the last row is sent',NULL);
INSERT INTO "rows" VALUES(4294967298,3,'+14155550121','+18005551234','created',0,1,1,0,'{"phone_number":"+14155550121","list_number":"+18005551234","use_journeys":true,"signup_date":"2025-03-15T14:30:00Z","custom_fields":{"first_name":"Zoë"}}','["4155550121","Zoë","2025-03-15T14:30:00Z","",""]',NULL,1,'db4274948d5c8de6e9be6419','2b611c770b2ef2a98796e911',1,1,1,NULL,NULL,1795574304263);
INSERT INTO "rows" VALUES(4294967299,4,'+14155550101','+18005551234','refused',0,1,1,0,'{"phone_number":"+14155550101","list_number":"+18005551234","use_journeys":true,"custom_fields":{"first_name":"Not sendable"}}','["4155550101","Not sendable","","",""]',NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795574304219);
INSERT INTO "rows" VALUES(4294967300,5,'+14155550103','+18005551234','unknown',0,1,5,0,'{"phone_number":"+14155550103","list_number":"+18005551234","use_journeys":true,"custom_fields":{"first_name":"Always an error"}}','["4155550103","Always an error","","",""]',NULL,11,NULL,NULL,NULL,NULL,NULL,NULL,'No true answer in 5 tries',1795574305407);
INSERT INTO "rows" VALUES(4294967301,6,'+14155550105','+18005551234','created',0,1,1,0,'{"phone_number":"+14155550105","list_number":"+18005551234","use_journeys":true,"custom_fields":{"first_name":"Busy once"}}','["4155550105","Busy once","","",""]',NULL,7,'0d8afc33cac37513dd241c34','b8a151651e9ec5507e6520e0',1,1,1,NULL,NULL,1795574305229);
INSERT INTO "rows" VALUES(4294967302,7,'','+18005551234','invalid',0,1,0,0,NULL,'["415555","Too short","","",""]','[["Phone","415555","This number is too short for a number in US"]]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "rows" VALUES(4294967303,8,'+14155550120','+18005551234','created',0,1,1,0,'{"phone_number":"+14155550120","list_number":"+18005551234","use_journeys":true,"custom_fields":{"first_name":"Ada again"}}','["4155550120","Ada again","","",""]',NULL,5,'00d8845aaf6791d158f636ac','5dabe2386873dcf5f4a28d30',1,1,1,NULL,NULL,1795574304266);
INSERT INTO "rows" VALUES(4294967304,9,'+14155550108','+18005551234','updated',0,1,1,0,'{"phone_number":"+14155550108","list_number":"+18005551234","use_journeys":true,"custom_fields":{"first_name":"Unsubscribed"}}','["4155550108","Unsubscribed","","",""]',NULL,8,'b2f6f5054a769207b8ce821f','0a97bd0338c17faa29ebe26c',0,0,0,'["This contact has unsubscribed from this list."]',NULL,1795574305229);
INSERT INTO "rows" VALUES(8589934593,2,'+14155550130','+18005551234','sending',0,1,0,0,'{"phone_number":"+14155550130","list_number":"+18005551234","custom_fields":{"name":"One"}}','["4155550130","One"]',NULL,13,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "rows" VALUES(8589934594,3,'+14155550131','+18005551234','sending',0,1,0,0,'{"phone_number":"+14155550131","list_number":"+18005551234","custom_fields":{"name":"Two"}}','["4155550131","Two"]',NULL,14,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "rows" VALUES(8589934595,4,'+14155550132','+18005551234','pending',0,1,0,0,'{"phone_number":"+14155550132","list_number":"+18005551234","custom_fields":{"name":"Three"}}','["4155550132","Three"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "rows" VALUES(12884901889,0,'+14155550125','+18005551234','created',0,1,1,0,'{"phone_number":"+14155550125","list_number":"+18005551234"}',NULL,NULL,12,'5c26b242a0e98af7aa64b94e','4bdbe9db77e9994a8a9be6ea',1,1,0,'["1 active Welcome Journeys match this list, but use_journeys is not true."]',NULL,1795574305467);
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,             -- import | contact
    state TEXT NOT NULL,            -- draft | running | stopped | cancelled | finished
    account TEXT NOT NULL, account_name TEXT NOT NULL, base_url TEXT NOT NULL,
    list TEXT NOT NULL,
    file TEXT NOT NULL DEFAULT '', fingerprint TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
    header TEXT NOT NULL DEFAULT '[]', how TEXT NOT NULL DEFAULT '{}',
    mapping TEXT NOT NULL DEFAULT '{}', options TEXT NOT NULL DEFAULT '{}',
    confirmed TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,   -- milliseconds since 1970, UTC
    stopped TEXT,                   -- why it stopped before its end
    rows INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}', requests INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "runs" VALUES(1,'import','finished','acme','Acme','http://127.0.0.1:9','+18005551234','people.csv','6dabd3f2c4f27e78dd6aba22cdec711370a41a86c89581a88cdd4c1ef4ec2c20',290,'["Phone","First Name","Signup Date","IP","Note"]','{"kind":"csv","encoding":"utf-8","delimiter":",","header_row":1,"sheet":null,"fingerprint":"6dabd3f2c4f27e78dd6aba22cdec711370a41a86c89581a88cdd4c1ef4ec2c20","size":290,"sheets":[],"others":[],"reading":"","plus":false}','{"columns":[["Phone","phone_number","string"],["First Name","custom:first_name","string"],["Signup Date","signup_date","string"],["IP","ip_address","string"],["Note","custom:note","string"]],"dates":"","country":"","zone":""}','{"region":"US","fixed":{"list_number":"+18005551234","use_journeys":"yes"},"duplicates":"last","already_added":"send","in_flight":4,"per_second":0.0}','','clerk',1795574304155,1795574304208,1795574305408,NULL,8,'{"invalid": 1, "skipped": 1, "refused": 1, "unknown": 1, "created": 3, "updated": 1}',11,5);
INSERT INTO "runs" VALUES(2,'import','running','acme','Acme','http://127.0.0.1:9','+18005551234','more.csv','b3aaf70cb400ebf2093a15665f0b7210b1e45cb031c2751b49df189fc89f24b1',58,'["Phone","Name"]','{"kind":"csv","encoding":"utf-8","delimiter":",","header_row":1,"sheet":null,"fingerprint":"b3aaf70cb400ebf2093a15665f0b7210b1e45cb031c2751b49df189fc89f24b1","size":58,"sheets":[],"others":[],"reading":"","plus":false}','{"columns":[["Phone","phone_number","string"],["Name","custom:name","string"]],"dates":"","country":"","zone":""}','{"region":"US","fixed":{"list_number":"+18005551234"},"duplicates":"last","already_added":"send","in_flight":16,"per_second":0.0}','3 contacts','clerk',1795574305414,1795574305470,NULL,NULL,3,'{"pending": 1, "sending": 2}',2,0);
INSERT INTO "runs" VALUES(3,'contact','finished','acme','Acme','http://127.0.0.1:9','+18005551234','','',0,'[]','{}','{}','{"region":"US","fixed":{},"duplicates":"last","already_added":"send","in_flight":16,"per_second":0.0}','','clerk',1795574305417,1795574305417,1795574305468,NULL,1,'{"created": 1}',1,0);
CREATE INDEX runs_by_fingerprint ON runs (fingerprint);
CREATE INDEX rows_by_outcome ON rows (outcome, key);
CREATE INDEX rows_by_phone ON rows (phone, list) WHERE phone <> '';
CREATE INDEX requests_by_run ON requests (run);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',3);
COMMIT;
