import { describeBudgetLedger } from '../testing/budget-ledger.conformance.ts';
import { openMemoryLedger } from '../testing/open-memory-ledger.ts';

describeBudgetLedger('createMemoryBudgetLedger', openMemoryLedger);
