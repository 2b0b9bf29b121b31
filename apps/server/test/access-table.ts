/** Who may call what, written down a second time: a slip in the contract must not open a door unseen. */
const words = (text: string) => text.trim().split(/\s+/);

export const open = words(`
    setupState setup signIn pairDevice kioskDevice
`);
export const signedIn = words(`
    signOut me updateMe plant floor machine states oee downtimes downtimePareto shifts signals latest trend
    alarms alarmJournal alarmKpis
`);
/** By the roles that may call; the empty one is administrators only. */
export const limited: Record<string, string[]> = {
  '': words(`
    users createUser updateUser tokens createToken revokeToken backup reopenStock
  `),
  engineer: words(`
    plantFile checkPlantFile savePlantFile addBindings testConnection discover resumeSampling createChart
    changeChart freezeBaseline saveErpTarget removeErpTarget resendErpDelivery receiveErpItems
    devices createDevice renewDeviceCode updateDevice revokeDevice
    retakeErpFile giveErpFile createEpcisQuery removeEpcisQuery subscribeEpcis unsubscribeEpcis
  `),
  'auditor engineer supervisor': words(`
    plantSchema connections connectors audit verifyAudit system rejectedEntries erpTargets erpOutbox
    erpFiles erpFileReport epcisQueries epcisNamedQuery epcisSubscriptions epcisSubscription
    b2mmlSchedule b2mmlPerformance b2mmlLots ownerDay ownerRows
  `),
  'operator supervisor engineer': words(`
    setDowntimeReason splitDowntime addDowntime acknowledgeAlarms uploadDocument receiveStock transferStock
    issueStock returnStock returnToSupplier adjustStock scrapStock splitLot mergeLots packLots unpackContainer holdLot
    createShipment loadShipment unloadShipment sendShipment cancelShipment startStockCount countStock
    printLabels retryPrintJob cancelPrintJob askInspection recordInspection measureBySignal openNonconformity
    reportSafety finishSafetyMeasure startRun actOnRun confirmRun useLot packRun signDailyReport addHandover
    readHandover raiseCall answerCall createChange kioskPerson kioskState kioskSync doCheck requestMaintenance
    changeMaintenance finishMaintenance recordToolEvent addKnowHow changeKnowHow knowHowHelped
  `),
  'operator supervisor engineer auditor': words(`
    export masterKinds masterNames masterRecords masterRecord importTargets imports exportMaster documents document stock
    stockSums stockLedger stockLedgerFile stockMovements lots lot scan lotLabel inventorySettings stockClosings
    stockPeriods checkClosing containers
    shipments shipment stockCounts stockCount printJobs inspections inspection unlinkedInspections recentValues severitySeries
    samplingPlan nonconformities nonconformity spcCharts chartData studies study limitSamples gaugeUse people
    expiringSkills trainings peopleReminders peopleFile safetyRecords salesOrders workOrders workOrder
    dispatchList dispatchBoard runs run runResults productionSummary labour dailyReports dailyReport
    printDailyReport exportDailyReports handovers calls changes maintenanceToday maintenanceSubject checkSheets
    checksDue checksDone maintenancePlans maintenanceOrders maintenanceOrder spareParts toolCards toolHistory
    maintenanceFile reliability knowHow knowHowOffers knowHowCard trace traceReport recall resolveLink
    epcisEvents epcisQueryEvents shortages productionRules
  `),
  'supervisor engineer': words(`
    shelveAlarm unshelveAlarm outOfService testExisting saveMasterRecord reviseMasterRecord uploadImport
    importSheet previewImport commitImport importJob stopImport importProblems saveInventorySettings
    reverseMovement releaseLot closeStock postStockCount cancelStockCount importQif previewQif linkInspection
    changeNonconformity decideNonconformity saveEightD checkEffectiveness closeNonconformity saveStudy
    saveLimitSample readStudyFile createPerson updatePerson grantSkill withdrawSkill recordTraining addSafetyMeasure
    reviewSafety closeSafety createSalesOrder updateSalesOrder createWorkOrder updateWorkOrder actOnWorkOrder
    splitWorkOrder mergeWorkOrders reworkWorkOrder planStep skipStep sendStep receiveStep correctResult
    addLabour reopenDailyReport decideChange resolveRejected putCheckSheet putMaintenancePlan verifyMaintenance
    settleShortage saveProductionRules judgeKnowHow receiveErpOrders receiveB2mmlSchedule
    receiveErpSalesOrders
  `),
  'engineer supervisor partner': words(`
    epcisCaptureEvent epcisCapture epcisCaptureJob
  `),
};
