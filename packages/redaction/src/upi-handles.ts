/** Handles of banks and apps in UPI ids, from NPCI's lists of members and third-party apps. */
export const UPI_HANDLES: ReadonlySet<string> = new Set(
  `abfspay abcdicici airtel airtelpaymentsbank albk allahabadbank allbank amazonpay andb aubank axb axis axisb axisbank
  axisgo axl apl axwallet apmahesh axisbnk barodampay barodapay bandhan bharatpe bhim birla boi bob cboi cbin centralbank
  citi citibank citigold cmsidfc cnrb csbcash csbpay cub dbs dcb dcbbank denabank digikhata dlb equitas eazypay ezeepay
  fam fbl fbpe fede federal fifederal finobank freecharge freoicici goaxb goog groww hdfcbank hdfcbankjd hsbc icici icicibank
  idbi idbibank idfc idfcbank idfcfirst idfcnetc idfb ikwik imobile inhdfc indbank indianbank indianbk indus indusind iob
  jio jiopartnerbank jkb jsb jsbp jupiteraxis kaypay karb kbl kbl052 kmb kmbl kotak kotak811 kvb kvbank liv lvb lvbank
  mahb mairtel mbk mobikwik naviaxis niyoicici nsdl obc okaxis okbizaxis okhdfcbank okicici oksbi omni oxymoney paytm payzapp
  pingpay pnb pockets postbank postepay psb ptaxis pthdfc ptsbi ptyes ptys pz rajgovhdfcbank rapl rbl rmhdfcbank s2b sbi
  sc scb scbl scmobile shriramhdfcbank sib slc spicepay srcb superyes sliceaxis syndicate syndbank synd tapicici timecosmos
  tjsb trans ubi uboi uco unionbank unionbankofindia united upi utbi vijb vijayabank waaxis wahdfcbank waicici wasbi yapl ybl
  yesbank yesbankltd yespay yespop zoicici ibl icici2 kphdfc tapaxis yescred axiscred credyes`.split(/\s+/),
);
