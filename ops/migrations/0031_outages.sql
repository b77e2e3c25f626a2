-- Outages on receipts: whoever concludes states those that were entered by then.
GRANT SELECT ON obligation.outage, obligation.revocation TO brama_writer;
